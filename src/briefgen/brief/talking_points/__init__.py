"""Talking points: personal things worth saying or asking, each by one small rule.

A rule takes a `Person` and gives lines of the section `say`. Installed packages add rules under
the entry-point group `briefgen.talking_points`.
"""
