"""Ce que deux passages demandent aux usages : des relevés transmis, aucun ticket qui bloque (metier §3).

Les cibles d'usage ne barrent jamais la routine : on demande seulement de relever, et de transmettre.
"""

from datetime import date
from typing import Any

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from programme.conditions.communes import PARCOURS, A, B
from programme.models import Affectation, Parcours
from programme.socle.conditions import Condition, inscrire
from programme.socle.porte import changer_etat
from usages.calculs.periodes import Periode
from usages.enums import MOIS_PAR_CADENCE, CadenceReleve, EtatReleve, Famille, Forme, Origine
from usages.models import CumulIndicateur, Indicateur, Releve, Ticket, Valeur

MOIS_DEMANDES = 3
"""Trois mois relevés et transmis : un trimestre entier. Valeur du produit."""


# --- service régulier → routine : usages suivis --------------------------------------------------------------------


def _mois_suivis() -> Coalesce:
    """Les mois que couvrent les relevés transmis où l'ESMS a donné au moins un nombre d'usage."""
    donnes = Valeur.objects.filter(
        releve=OuterRef("pk"), indicateur__famille=Famille.USAGE, cle="", numerateur__isnull=False
    )
    transmis = Releve.objects.comptes().filter(Exists(donnes), parcours=OuterRef("pk")).order_by()
    mois = Case(
        *(When(cadence=cadence, then=Value(nombre)) for cadence, nombre in MOIS_PAR_CADENCE.items()),
        output_field=IntegerField(),
    )
    return Coalesce(Subquery(transmis.values("parcours").annotate(mois=Sum(mois)).values("mois")), Value(0))


def relever(parcours: Parcours, periode: Periode, *, par: Any, le: date | None = None) -> None:
    """Relève un nombre d'usage de cette période et le transmet, par la porte : recette des essais et du récit."""
    indicateur = Indicateur.objects.filter(famille=Famille.USAGE, forme=Forme.RAPPORT).first()
    if indicateur is None:
        indicateur = Indicateur.objects.create(
            code="usage-de-recette",
            libelle="Projets personnalisés à jour",
            famille=Famille.USAGE,
            forme=Forme.RAPPORT,
            numerateur="Projets personnalisés de moins d'un an",
            denominateur="Personnes présentes à la date du relevé",
            origine=Origine.SAISI,
            sert_a="À l'équipe, pour voir ce qui reste à écrire",
        )
    esms = parcours.esms
    releve, _ = Releve.objects.get_or_create(
        parcours=parcours,
        debut=periode.debut,
        cadence=periode.cadence,
        defaults={
            "echeance": periode.suivante().debut,
            "grappe": parcours.grappe,
            "og": esms.og,
            "region": esms.departement.region if esms.departement else None,
            "secteur": esms.categorie.secteur,
        },
    )
    if releve.etat != EtatReleve.SAISI:
        return
    valeur, neuve = Valeur.objects.get_or_create(releve=releve, indicateur=indicateur, cle="")
    if neuve:
        CumulIndicateur.objects.porter_attendus(Valeur.objects.filter(pk=valeur.pk), 1)
    if not valeur.est_repondue:
        Valeur.objects.filter(pk=valeur.pk).update(numerateur=24, denominateur=40, origine=Origine.SAISI)
    changer_etat(releve, "transmettre", par=par, date_effet=le)


def _relever_trois_mois(parcours: Parcours, par: Any) -> None:
    direction = Affectation.objects.en_cours(timezone.localdate()).dirigeant(parcours.esms_id).first()
    dernier = Periode.contenant(timezone.localdate(), CadenceReleve.MOIS).precedente()
    for periode in dernier.dernieres(MOIS_DEMANDES):
        relever(parcours, periode, par=direction.utilisateur if direction else par)


inscrire(
    Condition(
        code="usages_suivis",
        libelle="Usages suivis",
        source="ANAP 4",
        modele=PARCOURS,
        transitions=("passer_en_routine",),
        severite=A,
        mesure=_mois_suivis(),
        seuil=Value(MOIS_DEMANDES),
        format=lambda valeur, seuil: f"{min(valeur, seuil):.0f} mois relevés sur {seuil:.0f}",
        lien=lambda parcours: reverse("usages:parcours-releves", args=[parcours.pk]),
        remplir=_relever_trois_mois,
        pourquoi="On demande de les relever et de les transmettre ; une cible manquée ne barre jamais la routine.",
        geste="Voir les relevés",
    )
)

# --- ouverture → service régulier : aucun ticket bloquant ----------------------------------------------------------


def _bloquants() -> QuerySet[Ticket]:
    """Ouverts ce jour, bloquants, sans contournement, sur un module ouvert."""
    return Ticket.objects.ouverts(timezone.localdate()).bloquants().sur_un_module_ouvert().order_by()


def _nombre_de_bloquants() -> Any:
    siens = _bloquants().filter(parcours=OuterRef("pk")).values("parcours").annotate(nombre=Count("pk"))
    return -Coalesce(Subquery(siens.values("nombre"), output_field=IntegerField()), Value(0))


def _contourner(parcours: Parcours, par: Any) -> None:
    cles = list(_bloquants().filter(parcours=parcours).values_list("pk", flat=True))
    Ticket.objects.filter(pk__in=cles).update(a_contournement=True)


inscrire(
    Condition(
        code="bloquants",
        libelle="Aucun ticket bloquant sans contournement",
        source="ANAP 4",
        modele=PARCOURS,
        transitions=("verifier_service",),
        severite=B,
        mesure=_nombre_de_bloquants,
        seuil=Value(0),
        format=lambda valeur, seuil: "aucun connu" if valeur >= 0 else f"{-valeur:.0f} en cours",
        lien=lambda parcours: reverse("usages:parcours-tickets", args=[parcours.pk]),
        remplir=_contourner,
        pourquoi="Sur un module ouvert, un blocage sans contournement renvoie l'équipe au papier.",
        geste="Voir les tickets",
    )
)
