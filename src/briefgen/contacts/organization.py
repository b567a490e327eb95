"""An organization: what is on file for all of its people at once."""

from typing import Literal

from briefgen.contacts.contact import Concern, Note, Situation
from briefgen.workspace.values import Part, Text


class Organization(Part):
    """The company contacts belong to; one optional file under `data/organizations/`."""

    version: Literal["1"] = "1"
    """The version of this format."""
    name: Text
    """Its name, as contact files give it."""
    domains: tuple[Text, ...] = ()
    """Its mail domains."""
    situation: Situation | None = None
    """Where it is and where it wants to be."""
    agreed: tuple[Note, ...] = ()
    """What you agree on."""
    parked: tuple[Note, ...] = ()
    """Disagreements put aside until a success."""
    concerns: tuple[Concern, ...] = ()
    """What they complained of."""
    notes: Text | None = None
    """Free text. Never printed unless a template asks for it."""
