"""How people ask what was imported, and for an import to be taken back."""

from __future__ import annotations

from language.requests import Answerable, Request
from language.scene import Call, Scene
from language.slots import Slots

__all__ = ["IMPORTS", "UNDO"]


def imports(slots: Slots, _scene: Scene) -> Answerable:
    """All of them, or those of the file named in quotes."""
    return [Call("list_imports", {"file": slots.quoted[0]} if slots.quoted else {})]


def undo(slots: Slots, _scene: Scene) -> Answerable:
    """What would be taken back, and how a person does it."""
    named = {"file": slots.quoted[0]} if slots.quoted else {}
    return [Call("list_imports", {"about": "undo", "limit": 5} | named)]


IMPORTS = Request(
    "imports",
    """
        what have I imported | which files were imported | list the imports | show the imports | show me all imports |
        what did we import | which files did I upload | what was uploaded so far | list of uploaded files |
        import history | history of imports | when was the last import | when did we last import a file |
        who imported the orders file | what was the last file that was imported | show the last import |
        which files are loaded | what files have been loaded | which uploads are there | my imports | all my uploads |
        what did the last import change | how many rows did the last import bring in | what did the import do |
        was my file imported | did the upload of 'orders.csv' work | was 'customers.csv' loaded |
        how many rows of the file were rejected | were rows rejected in the last import | imports please |
        what was decided about the last file | which decisions were taken for the import | imported files |
        give me an overview of the imports | could you show me which files we have loaded | list imported files |
        what has been imported until now | log of imports | when was 'orders.csv' imported | import log
    """,
    imports,
    near_misses="""
        import duties | import goods from China | how much do we import from Asia | import this file now |
        which countries do we import from | important customers | upload a picture | import a contact from Outlook |
        how do I import a module in Python | what files are on my desktop | customs import tax
    """,
)
UNDO = Request(
    "undo import",
    """
        undo the last import | undo the import | take back the last import | take the import back | revert the import |
        take back 'orders.csv' | undo 'orders.csv' | undo the import of 'orders.csv' | reverse the last import |
        roll back the last import | rollback the import | remove the last import | delete the last import |
        delete the data of the last file | remove the file I just imported | get rid of the last upload |
        I imported the wrong file | I uploaded the wrong file, take it back | that was the wrong file, undo it |
        undo my last upload | take the last upload back | revert the upload of 'customers.csv' | cancel the import |
        the last import was a mistake | the import was wrong, undo it please | can an import be undone |
        can I undo an import | how do I undo an import | how can I take back a file | can the upload be undone |
        throw out what I imported last | remove everything that came with 'orders.csv' | delete the uploaded file |
        please undo the last import | could you take back the last file | restore the data from before the import |
        bring back the state before the last import | unimport the file | undo last import
    """,
    undo,
    near_misses="""
        undo my last question | take back the last message | delete all customers | delete the last order |
        revert the price change | undo the campaign | roll back the release | remove a customer from the segment |
        take it back to the shop | cancel the order | can I get a refund | restore my phone | undo send
    """,
)
