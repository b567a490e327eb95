"""Reflection: the five minutes after a meeting, from the answers to the contact's file.

What the terminal and the web page share, in the order in which it is used:

- `reflections.waiting(day)`: the meetings that ended without a reflection.
- `Reflected.begin(chosen, day)`: one of them, with its contacts' files as they are now.
- `open_items.open_items_of(reflected.contacts, today=…, meeting=…)`: their open items, each with
  its place and a `key` that names it in a form.
- `decisions.decided(answers, Decision(…))`: the `Answers` with the outcome of an item; answers of
  any other kind are fields of `Answers`.
- `Reflected.keep(answers)`: a draft, at every change; `drafts.find_draft` reads it again.
- `Reflected.plan(answered)`: what would be written, in words, to show it first.
- `Reflected.write(answered)`: written, with undo by `contacts.changes`.
- `decisions.write_decision(decision, …)`: one decision outside of a meeting.
"""
