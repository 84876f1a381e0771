"""Les règles d'alerte des indicateurs : ce que chaque grappe a demandé de surveiller, sur les chiffres transmis.

Un silence n'y est jamais une alerte : il appelle un rappel courtois. Une alerte par règle et par ESMS, la même tant que
cela dure ; elle cesse d'elle-même, et c'est aux gens de la clore en disant ce qu'il en a été.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse

from programme.models import Parcours
from programme.socle.nombres import nombre, pourcentage
from programme.socle.regles_alerte import Signalement, inscrire
from usages.calculs.periodes import Periode
from usages.enums import NatureSurveillance, Sens
from usages.models import Indicateur, RegleIndicateur, Releve
from usages.services.surveillance import Cas, voir

N = NatureSurveillance
SUITE = "Demandez d'abord à l'ESMS ce qui s'est passé : un chiffre qui bouge a souvent une raison simple."


def _page(cle: str, lecteur: Any) -> str:
    """Le dernier relevé transmis de l'ESMS ; vide pour qui ne le lit pas. Deux requêtes au plus."""
    parcours = cle.partition(":")[2]
    if not Parcours.objects.lisibles_par(lecteur).filter(pk=parcours).exists():
        return ""
    dernier = Releve.objects.comptes().filter(parcours=parcours).order_by("-debut").values_list("pk", flat=True).first()
    return reverse("usages:releve-detail", args=[dernier]) if dernier else ""


@inscrire("indicateur_seuil", "Un indicateur a franchi son seuil", _page)
def seuil(au: date) -> Iterator[Signalement]:
    """Au dernier relevé transmis, du mauvais côté du seuil que la grappe, ou son instruction, s'est donné."""
    return map(_signaler, voir(N.SEUIL, au))


@inscrire("indicateur_chute", "Un indicateur chute sur plusieurs relevés", _page)
def chute(au: date) -> Iterator[Signalement]:
    """La part perdue que dit la règle, sur le nombre de relevés qu'elle dit, et pas reprise depuis."""
    return map(_signaler, voir(N.CHUTE, au))


@inscrire("indicateur_cible", "Une cible manquée à son échéance", _page)
def cible(au: date) -> Iterator[Signalement]:
    """Le relevé de l'échéance n'atteint pas la cible, ni aucun depuis ; sans relevé de l'échéance, on ne sait pas."""
    return map(_signaler, voir(N.CIBLE, au))


@inscrire("routine_fragilisee", "Une routine fragilisée", _page)
def routine(au: date) -> Iterator[Signalement]:
    """Un ESMS en routine où un indicateur passe son seuil ou chute : un plan, sans retour arrière (metier §3)."""
    return map(_signaler, voir(N.ROUTINE, au))


def ecrire(valeur: Decimal, indicateur: Indicateur) -> str:
    """« 62 % », « 14 jours », « 1 250 »."""
    if indicateur.est_un_rapport:
        return pourcentage(valeur)
    dit = nombre(valeur.normalize() if valeur % 1 else valeur.to_integral_value())
    return f"{dit} {indicateur.unite}".strip()


def _signaler(cas: Cas) -> Signalement:
    indicateur, regle = cas.regle.indicateur, cas.regle
    valeur, repere = ecrire(cas.vu.dernier.valeur, indicateur), ecrire(cas.vu.repere, indicateur)
    periode = Periode.contenant(cas.vu.dernier.debut, indicateur.cadence).nom
    return Signalement(
        # L'ESMS et la règle, pas le mois : tant que cela dure, c'est la même alerte.
        cle=f"{regle.pk}:{cas.parcours.pk}",
        grappe=cas.parcours.grappe,
        parcours=cas.parcours,
        intitule=f"{indicateur} : {valeur}, {_compare(cas, repere)}",
        texte=f"Relevé transmis : {periode}. {_regle(regle)} {SUITE}",
    )


def _compare(cas: Cas, repere: str) -> str:
    haut = cas.regle.indicateur.sens == Sens.HAUSSE
    mots = {
        N.SEUIL: f"{'sous' if haut else 'au-dessus de'} {'le seuil de ' if haut else 'son seuil, '}{repere}",
        N.CIBLE: f"cible de {repere} manquée",
        N.CHUTE: f"contre {repere} avant {'la chute' if haut else 'la hausse'}",
    }
    return mots[N(cas.vu.nature)]


def _regle(regle: RegleIndicateur) -> str:
    """Ce que la règle demande, en une phrase."""
    if regle.nature == N.CHUTE:
        sens = "baisse" if regle.indicateur.sens == Sens.HAUSSE else "hausse"
        return f"La règle surveille une {sens} de {pourcentage(regle.part)} sur {nombre(regle.releves)} relevés."
    return {
        N.SEUIL: "La règle surveille le seuil de l'indicateur.",
        N.CIBLE: "La règle surveille la cible à son échéance.",
        N.ROUTINE: "L'ESMS est en routine : elle n'est pas remise en cause, un plan suffit.",
    }[N(regle.nature)]
