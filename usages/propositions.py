"""Ce que les usages proposent à une séance : les éditeurs qui ne répondent pas."""

from collections.abc import Iterator
from itertools import groupby

from django.urls import reverse

from programme.socle.dates import date_courte
from programme.socle.nombres import accorde, quelques
from programme.socle.propositions import Demande, Proposition, inscrire
from programme.socle.texte import avec_point
from usages.models import DemandeEditeur

# --- éditeurs ---

LONGUE_ATTENTE = 30
"""Jours sans réponse au bout desquels on en parle ; valeur du produit."""
NOMMEES = 4


@inscrire("editeurs", "Éditeurs", 66)
def editeurs_muets(demande: Demande) -> Iterator[Proposition]:
    """À qui suit le déploiement, un point par éditeur qui laisse des demandes sans réponse depuis un mois."""
    if not demande.suit:
        return
    vues = DemandeEditeur.objects.visibles_par(demande.par).filter(grappe=demande.grappe)
    attendent = vues.en_attente().select_related("editeur").order_by("editeur__nom", "editeur", "envoyee_le", "pk")
    for editeur, lues in groupby(attendent, key=lambda d: d.editeur):
        longues = [d for d in lues if d.delai(demande.au) > LONGUE_ATTENTE]
        if not longues:
            continue
        combien = accorde(len(longues), "demande sans réponse,demandes sans réponse")
        nommees = quelques((f"« {d} »" for d in longues), NOMMEES)
        yield Proposition(
            cle=f"editeur:{editeur.pk}",
            titre=f"{editeur} : {combien} depuis plus d'un mois",
            expose=avec_point(f"{nommees}, la plus ancienne du {date_courte(longues[0].envoyee_le)}"),
            duree=10,
            url=reverse("usages:grappe-editeur", args=[demande.grappe.pk, editeur.pk]),
        )
