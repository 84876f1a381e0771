"""Ce que les usages proposent à une séance : les éditeurs qui ne répondent pas, les retours restés sans réponse."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import groupby

from django.db.models import Q
from django.urls import reverse

from programme.socle.dates import date_courte
from programme.socle.nombres import accorde, quelques
from programme.socle.propositions import Demande, Proposition, inscrire
from programme.socle.texte import avec_point
from usages.enums import GraviteRetour
from usages.models import DemandeEditeur, Retour

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


# --- retours de terrain ---

RETOURS = "retours"
BEAUCOUP_DE_VOIX = 3
"""Au-delà, ce n'est plus l'affaire d'une équipe ; valeur du produit."""
SANS_RESUME = "Un retour de terrain encore sans résumé"


def cle_du_retour(retour: Retour) -> str:
    """Ce qui désigne un retour dans un ordre du jour : il ne s'y inscrit qu'une fois."""
    return f"retour:{retour.pk}"


@inscrire(RETOURS, "Retours de terrain", 68)
def retours_sans_reponse(demande: Demande) -> Iterator[Proposition]:
    """À qui suit le déploiement : bloquants, ou dits par beaucoup, sans réponse depuis un mois.

    Le résumé seul s'y lit : les mots de l'équipe restent à qui lit le retour.
    """
    if not demande.suit:
        return
    attendent = Retour.objects.visibles_par(demande.par).filter(parcours__grappe=demande.grappe).principaux()
    anciens = attendent.a_traiter().filter(recu_le__lt=demande.au - timedelta(days=LONGUE_ATTENTE))
    pesent = anciens.avec_voix().filter(Q(nb_voix__gt=BEAUCOUP_DE_VOIX) | Q(gravite=GraviteRetour.BLOQUANTE))
    for retour in pesent.pour_lecture().order_by("-nb_voix", "recu_le", "pk"):
        voix = accorde(retour.nb_voix, "voix,voix")
        yield Proposition(
            cle=cle_du_retour(retour),
            titre=retour.titre or SANS_RESUME,
            expose=avec_point(
                f"{retour.parcours} : {retour.get_gravite_display().lower()}, {voix}, sans réponse depuis "
                f"la semaine du {date_courte(retour.semaine)}"
            ),
            duree=10,
            source=retour,
            url=reverse("usages:retour-detail", args=[retour.pk]),
        )
