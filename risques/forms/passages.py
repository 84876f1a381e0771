"""Passages d'une grille et d'une analyse : ils se décident le jour même, et sans motif quand rien ne l'exige."""

from typing import Any

from programme.forms.passages import PassageDuJour, propres
from programme.socle.machine import ModeleAEtats
from programme.socle.porte import Lecture


class QuestionForm(PassageDuJour):
    """Ce qu'on demande de préciser."""

    def __init__(self, donnees: Any = None, *, objet: ModeleAEtats, lecture: Lecture) -> None:
        super().__init__(donnees, objet=objet, lecture=lecture)
        motif = self.fields["motif"]
        motif.label = "Votre question"
        motif.help_text = "Sur une réponse ou un mot. Qui a répondu la lira ; elle reste au journal."
        motif.error_messages["required"] = "Écrivez votre question en une ligne."


for passage in ("grille:transmettre", "grille:valider", "analyselocale:transmettre", "analyselocale:accepter"):
    propres.inscrire(passage, PassageDuJour)
propres.inscrire("analyselocale:revoir", PassageDuJour)
for passage in ("grille:demander_precision", "analyselocale:demander_precision"):
    propres.inscrire(passage, QuestionForm)
