"""Les règles d'alerte du tronc : un ESMS qui n'avance plus et n'a pas de date, une date visée passée de longtemps."""

from collections.abc import Iterator
from datetime import date, timedelta

from programme.enums import FRISE_GRAPPE, FRISE_PARCOURS, EtatGrappe, EtatParcours
from programme.models import Etape, Parcours
from programme.models.parcours import SUITES
from programme.socle.conditions import Constat, evaluer_suites
from programme.socle.dates import date_courte
from programme.socle.nombres import liste, quelques
from programme.socle.regles_alerte import Signalement, inscrire
from programme.socle.texte import en_phrase

ATTENTE = timedelta(days=60)
RETARD = timedelta(days=30)
"""Valeurs du produit : deux mois en attente sans date, un mois de retard sur une date donnée."""
EN_MARCHE = FRISE_GRAPPE[FRISE_GRAPPE.index(EtatGrappe.CONVENTIONNEE) : FRISE_GRAPPE.index(EtatGrappe.SOLDEE)]
ATTENDENT_LA_GRAPPE = frozenset({"modele_commun"})
"""Ce que toute la grappe attend d'elle-même : quatre-vingts alertes n'y ajouteraient rien."""
PARCOURS_PAR_ORDRE = 500
NOMMEES = 2
"""Ce que l'intitulé nomme : il reste une ligne."""


@inscrire("esms_en_attente", "Un ESMS en attente depuis plus de 60 jours, sans date à venir")
def esms_en_attente(au: date) -> Iterator[Signalement]:
    """Dans son état depuis plus de 60 jours, le passage suivant barré, et aucune date donnée pour la suite.

    Qui a une date à venir est dans son calendrier ; qui l'a dépassée relève de l'autre règle. La clé change avec
    l'état : avancer, c'est sortir de cette attente-là.
    """
    anciens = Parcours.objects.en_cours().filter(
        grappe__etat__in=EN_MARCHE, depuis_le__lt=au - ATTENTE, prochaine_le__isnull=True
    )
    barrent = {pk: barre for pk, cs in evaluer_suites(anciens, SUITES, au=au).items() if (barre := _qui_barrent(cs))}
    cles = sorted(barrent)
    for debut in range(0, len(cles), PARCOURS_PAR_ORDRE):
        lot = Parcours.objects.filter(pk__in=cles[debut : debut + PARCOURS_PAR_ORDRE])
        for p in lot.select_related("esms", "grappe").order_by("pk"):
            depuis = f"« {EtatParcours(p.etat).label} » depuis le {date_courte(p.depuis_le)}"
            yield Signalement(
                cle=f"{p.pk}:{p.etat}",
                grappe=p.grappe,
                parcours=p,
                intitule=f"En attente de : {quelques(barrent[p.pk], NOMMEES)}",
                texte=f"{depuis}, aucune date donnée pour la suite. Ce qui barre : {liste(barrent[p.pk])}.",
            )


def _qui_barrent(constats: list[Constat]) -> list[str]:
    return [en_phrase(c.condition.libelle) for c in constats if c.barre and c.condition.code not in ATTENDENT_LA_GRAPPE]


@inscrire("date_visee_passee", "Une date visée passée de plus de 30 jours")
def date_visee_passee(au: date) -> Iterator[Signalement]:
    """La première étape prévue et pas atteinte, en retard de plus de 30 jours ; une fois par ESMS. Une requête."""
    seuil = au - RETARD
    etapes = Etape.objects.en_retard(seuil).filter(
        parcours__etat__in=FRISE_PARCOURS, parcours__prochaine_le__lt=seuil, parcours__grappe__etat__in=EN_MARCHE
    )
    premieres: dict[int, Etape] = {}
    for etape in etapes.select_related("parcours__esms", "parcours__grappe").order_by("parcours", "pk"):
        deja = premieres.get(etape.parcours_id)
        if deja is None or (etape.prevue or au) < (deja.prevue or au):
            premieres[etape.parcours_id] = etape
    for etape in premieres.values():
        p, nom = etape.parcours, EtatParcours(etape.etat).label
        yield Signalement(
            cle=f"{p.pk}:{etape.etat}",
            grappe=p.grappe,
            parcours=p,
            intitule=f"{nom} : visée le {date_courte(etape.prevue)}, pas atteinte",
            texte="La date n'a été ni tenue ni révisée : la direction en donne une autre, ou dit ce qui bloque.",
        )
