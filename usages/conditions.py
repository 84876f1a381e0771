"""Ce que des passages demandent aux usages : relevés, tickets, enseignements du pilote (metier §3).

Les cibles d'usage ne barrent jamais la routine : on demande seulement de relever, et de transmettre.
"""

from datetime import date
from typing import Any

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils import timezone

from programme.conditions.communes import PARCOURS, A, B
from programme.enums import EtatParcours
from programme.models import Affectation, Parcours
from programme.socle.conditions import Condition, existe, inscrire, oui_non
from programme.socle.porte import changer_etat
from usages.calculs.periodes import Periode
from usages.enums import MOIS_PAR_CADENCE, CadenceReleve, EtatEnseignement, EtatReleve, Famille, Forme, Origine
from usages.models import (
    CumulIndicateur,
    Enseignement,
    Indicateur,
    LectureEnseignement,
    Releve,
    Ticket,
    Valeur,
)

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

# --- pilote → ouverture : enseignements rédigés ; préparation → ouverture : lus, et ce qui était à régler l'est -----

REGLE = "règle de la grappe"
APRES_UN_PILOTE = Q(est_pilote=False) & Q(
    Exists(Parcours.objects.filter(grappe=OuterRef("grappe"), est_pilote=True).order_by())
)
"""Ceux que le pilote de leur grappe instruit : tous les autres ; sans pilote, sans objet."""
DE_RECETTE = (
    (
        "Ouvrir la nuit en même temps que le jour",
        "Prévoir un poste par salle de relève, et former la nuit avant d'ouvrir.",
    ),
    (
        "Former par paires",
        "Un métier sûr de lui avec un métier qui découvre : les questions se règlent sur place.",
    ),
    (
        "Prévenir les familles avant le premier jour",
        "Une affiche en facile à lire et une permanence : les questions arrivent la semaine d'avant, pas pendant.",
    ),
)
"""Ce que la démonstration et les essais font écrire à un pilote."""


def _ouverts_de_la_grappe(**criteres: Any) -> QuerySet[Enseignement]:
    return Enseignement.objects.ouverts().filter(grappe=OuterRef("grappe"), **criteres).order_by()


def _nombre(lignes: QuerySet, par: str) -> Coalesce:
    """Combien de ces lignes, regroupées par ce champ ; zéro s'il n'y en a pas."""
    comptees = lignes.values(par).annotate(nombre=Count("pk")).values("nombre")
    return Coalesce(Subquery(comptees, output_field=IntegerField()), Value(0))


def _nombre_de_lus() -> Coalesce:
    lues = LectureEnseignement.objects.filter(
        parcours=OuterRef("pk"),
        enseignement__etat=EtatEnseignement.OUVERT,
        enseignement__grappe=OuterRef("grappe"),
    )
    return _nombre(lues.order_by(), "parcours")


def _lien_des_enseignements(parcours: Parcours) -> str:
    return reverse("usages:parcours-enseignements", args=[parcours.pk])


def _ecrire(parcours: Parcours, par: Any, le: date | None = None) -> None:
    """Le pilote écrit ce qu'il a appris, s'il n'a rien écrit."""
    libelle, conseil = DE_RECETTE[parcours.pk % len(DE_RECETTE)]
    dit = {"libelle": libelle, "conseil": conseil, "ecrit_par": par, "ecrit_le": le or timezone.localdate()}
    if not Enseignement.objects.filter(pilote=parcours).exists():
        Enseignement.objects.create(grappe=parcours.grappe, pilote=parcours, **dit)


def _lire_tout(parcours: Parcours, par: Any, le: date | None = None) -> None:
    jour = le or timezone.localdate()
    for enseignement in Enseignement.objects.ouverts().filter(grappe=parcours.grappe_id, ecrit_le__lte=jour):
        dit = {"lu_par": par, "lu_le": jour}
        LectureEnseignement.objects.get_or_create(enseignement=enseignement, parcours=parcours, defaults=dit)


def _ne_plus_retenir(parcours: Parcours, par: Any) -> None:
    Enseignement.objects.ouverts().filter(grappe=parcours.grappe_id).update(a_regler=False)


def _raconter_le_pilote(parcours: Parcours, *, par: Any, chef: Any, le: date) -> None:
    relu = Parcours.objects.get(pk=parcours.pk)
    if relu.est_pilote:
        _ecrire(relu, chef, le)


def _raconter_la_lecture(parcours: Parcours, *, par: Any, chef: Any, le: date) -> None:
    relu = Parcours.objects.get(pk=parcours.pk)
    if not relu.est_pilote:
        _lire_tout(relu, par, le)


inscrire(
    Condition(
        code="enseignements",
        libelle="Enseignements du pilote rédigés",
        source=REGLE,
        modele=PARCOURS,
        transitions=("ouvrir",),
        severite=A,
        mesure=existe(Enseignement.objects.filter(pilote=OuterRef("pk"))),
        format=oui_non("rédigés", "aucun écrit"),
        lien=_lien_des_enseignements,
        remplir=_ecrire,
        raconter=_raconter_le_pilote,
        pourquoi="Ce que le pilote a appris sert aux suivants.",
        geste="Écrire un enseignement",
        applicable=Q(etat=EtatParcours.PILOTE),
    )
)
inscrire(
    Condition(
        code="lecture",
        libelle="Enseignements du pilote lus",
        source=REGLE,
        modele=PARCOURS,
        transitions=("ouvrir",),
        severite=A,
        mesure=_nombre_de_lus(),
        seuil=Greatest(_nombre(_ouverts_de_la_grappe(), "grappe"), Value(1)),
        format=lambda valeur, seuil: f"{valeur:.0f} lu{'s' if valeur > 1 else ''} sur {seuil:.0f}",
        lien=_lien_des_enseignements,
        remplir=_lire_tout,
        raconter=_raconter_la_lecture,
        pourquoi="Ce que le pilote a réglé ou regretté se lit avant d'ouvrir chez soi.",
        geste="Lire les enseignements",
        applicable=APRES_UN_PILOTE & Q(Exists(_ouverts_de_la_grappe())),
    )
)
inscrire(
    Condition(
        code="a_regler",
        libelle="Ce que le pilote dit à régler avant d'ouvrir est réglé",
        source=REGLE,
        modele=PARCOURS,
        transitions=("ouvrir",),
        severite=B,
        mesure=-_nombre(_ouverts_de_la_grappe(a_regler=True), "grappe"),
        seuil=Value(0),
        format=lambda valeur, seuil: "tout est réglé" if valeur >= 0 else f"{-valeur:.0f} à régler",
        lien=_lien_des_enseignements,
        remplir=_ne_plus_retenir,
        pourquoi="Ouvrir ailleurs sans l'avoir réglé, c'est refaire l'erreur du pilote.",
        geste="Voir ce qui reste à régler",
        applicable=APRES_UN_PILOTE,
    )
)
