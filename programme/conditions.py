"""Conditions de passage dont les faits vivent dans le tronc (metier §3)."""

from collections.abc import Callable
from typing import Any

from django.db.models import Case, Count, Exists, F, FloatField, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone

from programme.enums import (
    FRISE_GRAPPE,
    EtatGrappe,
    EtatOuverture,
    EtatParcours,
    IssueVerification,
    NatureFait,
    PointDepart,
    Role,
    TempsEcriture,
    TypeProjet,
    TypeVerification,
)
from programme.models import Affectation, Fait, Ouverture, Parcours, Vague, Verification
from programme.socle.conditions import Condition, existe, inscrire, oui_non
from programme.socle.enums import Severite
from programme.socle.porte import changer_etat

PARCOURS = "programme.parcours"
OUVERTURE = "programme.ouverture"
A, B, L = Severite.AVERTIT, Severite.BARRE, Severite.LEGALE
_DEPUIS_MODELE_COMMUN = FRISE_GRAPPE[FRISE_GRAPPE.index(EtatGrappe.MODELE_COMMUN) :]


def _au_parcours(objet: Any) -> Parcours:
    return objet.unite.parcours if isinstance(objet, Ouverture) else objet


def _lien_fait(nature: str) -> Callable[[Any], str]:
    return lambda objet: reverse("programme:parcours-fait", args=[_au_parcours(objet).pk, nature])


def _lien_fiche(objet: Any) -> str:
    return reverse("programme:parcours-modifier", args=[_au_parcours(objet).pk])


def _lien_grappe(objet: Any) -> str:
    return reverse("programme:grappe-detail", args=[_au_parcours(objet).grappe_id])


def _ecrire(**valeurs: Any) -> Callable[[Any, Any], None]:
    def remplir(objet: Any, par: Any) -> None:
        parcours = _au_parcours(objet)
        for nom, valeur in valeurs.items():
            setattr(parcours, nom, valeur)
        parcours.save(update_fields=list(valeurs))

    return remplir


def dater(nature: str) -> Callable[[Any, Any], None]:
    """Recette : écrit le fait daté d'aujourd'hui."""

    def remplir(objet: Any, par: Any) -> None:
        Fait.objects.get_or_create(
            parcours=_au_parcours(objet),
            nature=nature,
            defaults={"date": timezone.localdate(), "saisi_par": par},
        )

    return remplir


def _fait(
    nature: NatureFait,
    transition: str,
    severite: Severite,
    source: str,
    pourquoi: str,
    *,
    modele: str = PARCOURS,
    applicable: Q | None = None,
    geste: str = "Donner la date",
) -> None:
    cle = "pk" if modele == PARCOURS else "unite__parcours"
    inscrire(
        Condition(
            code=nature.value,
            libelle=nature.label,
            source=source,
            modele=modele,
            transitions=(transition,),
            severite=severite,
            mesure=existe(Fait.objects.filter(parcours=OuterRef(cle), nature=nature)),
            format=oui_non("date donnée", "date absente"),
            lien=_lien_fait(nature),
            remplir=dater(nature),
            pourquoi=pourquoi,
            geste=geste,
            applicable=applicable,
        )
    )


# --- recensé → cadrage ---------------------------------------------------------------------------------------------

_fait(
    NatureFait.PREDIAGNOSTIC,
    "engager",
    A,
    "ANAP 2",
    "Mesurer ensemble l'ampleur du changement avant de s'y engager.",
)


def _nommer_directeur(parcours: Parcours, par: Any) -> None:
    Affectation.objects.get_or_create(
        utilisateur=par, role=Role.DIRECTEUR, portee="esms", esms=parcours.esms, defaults={"du": timezone.localdate()}
    )


def directions_de(chemin_esms: str) -> Any:
    """Affectations de direction en cours, de l'ESMS ou d'un groupe qui le contient ; `chemin_esms` : vers sa clé."""
    aujourd_hui = timezone.localdate()
    return (
        Affectation.objects.en_cours(aujourd_hui)
        .de_direction()
        .filter(Q(esms=OuterRef(chemin_esms)) | Q(groupe__esms=OuterRef(chemin_esms)))
    )


class _DirectionEnCours(Exists):
    """Direction en cours, à la date de la lecture et non à celle du chargement du module."""

    def __init__(self, *_: Any, **kwargs: Any) -> None:
        super().__init__(directions_de("esms"), **kwargs)

    def resolve_expression(self, *args: Any, **kwargs: Any) -> Any:
        """Résout une expression neuve, datée de maintenant."""
        return Exists(directions_de("esms")).resolve_expression(*args, **kwargs)


inscrire(
    Condition(
        code="directeur",
        libelle="Directeur en fonction",
        source="ANAP 2",
        modele=PARCOURS,
        transitions=("engager",),
        severite=A,
        mesure=Case(When(_DirectionEnCours(), then=Value(1)), default=Value(0), output_field=IntegerField()),
        format=oui_non("en fonction", "poste vacant"),
        lien=lambda p: reverse("programme:esms-detail", args=[p.esms.finess]),
        remplir=_nommer_directeur,
        pourquoi="C'est lui qui décide de son moment ; à défaut, un intérim ou un délégué.",
        geste="Nommer",
    )
)
_fait(
    NatureFait.ANNONCE,
    "engager",
    A,
    "ANAP 2",
    "Une annonce adaptée à l'établissement, après le financement.",
)

# --- cadrage → préparation -----------------------------------------------------------------------------------------


def _avancer_grappe(parcours: Parcours, par: Any) -> None:
    grappe = parcours.grappe
    if grappe.etat == EtatGrappe.MONTAGE:
        changer_etat(grappe, "constater", par=par, vers=EtatGrappe.MODELE_COMMUN)
        return
    suite = {
        EtatGrappe.DEPOSEE: "conventionner",
        EtatGrappe.CONVENTIONNEE: "modeliser",
        EtatGrappe.CONSULTATION: "modeliser",
    }
    while grappe.etat in suite:
        changer_etat(grappe, suite[EtatGrappe(grappe.etat)], par=par, motif="sans objet ici")


def _mettre_en_vague(parcours: Parcours, par: Any) -> None:
    parcours.vague = Vague.objects.get_or_create(grappe=parcours.grappe, numero=1)[0]
    parcours.save(update_fields=["vague"])


inscrire(
    Condition(
        code="modele_commun",
        libelle="Modèle commun de la grappe bâti",
        source="règle de la grappe",
        modele=PARCOURS,
        transitions=("preparer",),
        severite=B,
        mesure=Case(
            When(grappe__etat__in=_DEPUIS_MODELE_COMMUN, then=Value(1)), default=Value(0), output_field=IntegerField()
        ),
        format=oui_non("bâti", "pas encore bâti"),
        lien=_lien_grappe,
        remplir=_avancer_grappe,
        pourquoi="On prépare à partir du paramétrage commun.",
        geste="Voir la grappe",
    )
)
inscrire(
    Condition(
        code="vague",
        libelle="Vague de déploiement choisie",
        source="ANAP 3.5",
        modele=PARCOURS,
        transitions=("preparer",),
        severite=B,
        mesure=Case(When(vague__isnull=False, then=Value(1)), default=Value(0), output_field=IntegerField()),
        format=oui_non("choisie", "à choisir"),
        lien=_lien_fiche,
        remplir=_mettre_en_vague,
        pourquoi="Le directeur choisit son moment ; la vague dit avec qui et avec quels moyens.",
        geste="Choisir",
    )
)
_fait(
    NatureFait.CONCERTATION,
    "preparer",
    A,
    "FabLab EPNAK",
    "Date, services réunis, et ce qui a changé grâce aux équipes.",
    geste="Consigner",
)
_fait(
    NatureFait.BESOINS,
    "preparer",
    A,
    "ANAP 3.3",
    "Le cahier des charges commun part de ces besoins.",
    applicable=Q(type_projet=TypeProjet.ACQUISITION)
    & ~Q(grappe__etat__in=[*_DEPUIS_MODELE_COMMUN, EtatGrappe.SUSPENDUE]),
)
inscrire(
    Condition(
        code="premier_gain",
        libelle="Premier gain visible choisi",
        source="GRADeS Occitanie, levier 8",
        modele=PARCOURS,
        transitions=("preparer",),
        severite=A,
        mesure=Case(When(~Q(premier_gain=""), then=Value(1)), default=Value(0), output_field=IntegerField()),
        format=oui_non("choisi", "à choisir"),
        lien=_lien_fiche,
        remplir=_ecrire(premier_gain="Agenda partagé entre l'internat et l'école"),
        pourquoi="Un bénéfice que les équipes verront dès les premières semaines.",
        geste="Choisir",
    )
)
_fait(NatureFait.CSE, "preparer", L, "consultation du CSE", "Plancher légal : une date et une référence, pas de pièce.")
_fait(NatureFait.AIPD, "preparer", L, "RGPD", "Plancher légal : une date et une référence, pas de pièce.")
_fait(
    NatureFait.HEBERGEMENT,
    "preparer",
    L,
    "hébergement des données de santé",
    "Plancher légal : une date, une référence.",
)

# --- préparation → pilote, ouverture -------------------------------------------------------------------------------

inscrire(
    Condition(
        code="designe_pilote",
        libelle="Désigné site pilote",
        source="ANAP 3.5",
        modele=PARCOURS,
        transitions=("piloter",),
        severite=B,
        mesure=Case(When(est_pilote=True, then=Value(1)), default=Value(0), output_field=IntegerField()),
        format=oui_non("désigné", "non désigné"),
        lien=_lien_fiche,
        remplir=_ecrire(est_pilote=True),
        pourquoi="Le chef de projet désigne les pilotes, de typologies différentes.",
        geste="Voir la fiche",
    )
)
_fait(NatureFait.PREREQUIS, "piloter", A, "ANAP 3.5", "Postes, réseau et comptes vérifiés avant d'ouvrir aux premiers.")


def _acquise(type_verification: str) -> Case:
    lignes = Verification.objects.acquises(type_verification).filter(
        Q(og__isnull=True, parcours__isnull=True) | Q(og=OuterRef("esms__og")) | Q(parcours=OuterRef("pk")),
        grappe=OuterRef("grappe"),
    )
    return existe(lignes)


def _prononcer(type_verification: str) -> Callable[[Any, Any], None]:
    def remplir(parcours: Parcours, par: Any) -> None:
        Verification.objects.get_or_create(
            grappe=parcours.grappe,
            type=type_verification,
            defaults={"prononcee_le": timezone.localdate(), "issue": IssueVerification.PRONONCEE},
        )

    return remplir


for _type, _code, _transitions in (
    (TypeVerification.VA, "va", ("ouvrir",)),
    (TypeVerification.VSR, "vsr", ("passer_en_routine",)),
):
    inscrire(
        Condition(
            code=_code,
            libelle=f"{_type.label} prononcée",
            source="marché",
            modele=PARCOURS,
            transitions=_transitions,
            severite=B,
            mesure=_acquise(_type),
            format=oui_non("prononcée", "pas encore prononcée"),
            lien=_lien_grappe,
            remplir=_prononcer(_type),
            pourquoi="En acquisition seulement ; la date de la grappe est celle du dernier ESMS.",
            geste="Voir la grappe",
            applicable=Q(type_projet=TypeProjet.ACQUISITION),
        )
    )

_fait(
    NatureFait.ENSEIGNEMENTS,
    "ouvrir",
    A,
    "règle de la grappe",
    "Ce que le pilote a appris sert aux suivants.",
    applicable=Q(etat=EtatParcours.PILOTE),
    geste="Consigner",
)


def _pilotes_de_la_typologie() -> Any:
    return Parcours.objects.filter(
        grappe=OuterRef("grappe"), est_pilote=True, esms__categorie__secteur=OuterRef("esms__categorie__secteur")
    )


def _passer_un_pilote(parcours: Parcours, par: Any) -> None:
    pilote = (
        Parcours.objects.filter(
            grappe=parcours.grappe, est_pilote=True, esms__categorie__secteur=parcours.esms.categorie.secteur
        )
        .exclude(pk=parcours.pk)
        .first()
    )
    if pilote and pilote.etat == EtatParcours.RECENSE:
        changer_etat(pilote, "constater", par=par, vers=EtatParcours.OUVERTURE)


inscrire(
    Condition(
        code="pilote_passe",
        libelle="Pilote de sa typologie passé",
        source="règle de la grappe",
        modele=PARCOURS,
        transitions=("ouvrir",),
        severite=A,
        mesure=existe(
            _pilotes_de_la_typologie().filter(
                etat__in=[EtatParcours.OUVERTURE, EtatParcours.SERVICE_REGULIER, EtatParcours.ROUTINE]
            )
        ),
        format=oui_non("passé", "encore en pilote"),
        lien=_lien_grappe,
        remplir=_passer_un_pilote,
        pourquoi="Les suivants profitent de ce que le pilote a réglé.",
        geste="Voir la grappe",
        applicable=Q(est_pilote=False) & Q(Exists(_pilotes_de_la_typologie())),
    )
)

# --- ouvrir une unité × module -------------------------------------------------------------------------------------


def _ouvrir_le_parcours(ouverture: Ouverture, par: Any) -> None:
    if ouverture.unite.parcours.etat == EtatParcours.RECENSE:
        changer_etat(ouverture.unite.parcours, "constater", par=par, vers=EtatParcours.OUVERTURE)


inscrire(
    Condition(
        code="parcours_ouvert",
        libelle="ESMS en pilote ou en ouverture",
        source="règle de la grappe",
        modele=OUVERTURE,
        transitions=("ouvrir",),
        severite=B,
        mesure=Case(
            When(
                unite__parcours__etat__in=[
                    EtatParcours.PILOTE,
                    EtatParcours.OUVERTURE,
                    EtatParcours.SERVICE_REGULIER,
                    EtatParcours.ROUTINE,
                ],
                then=Value(1),
            ),
            default=Value(0),
            output_field=IntegerField(),
        ),
        format=oui_non("oui", "pas encore"),
        lien=lambda o: reverse("programme:parcours-detail", args=[o.unite.parcours_id]),
        remplir=_ouvrir_le_parcours,
        pourquoi="Une unité ouvre quand son ESMS a décidé d'ouvrir.",
        geste="Voir l'ESMS",
    )
)
_fait(
    NatureFait.INFORMATION,
    "ouvrir",
    L,
    "information des personnes",
    "Plancher légal : une date suffit, aucune pièce.",
    modele=OUVERTURE,
)
_fait(NatureFait.MATERIEL, "ouvrir", A, "ANAP 3.1", "Postes, tablettes et réseau là où l'on écrit.", modele=OUVERTURE)
_fait(
    NatureFait.PROCEDURES,
    "ouvrir",
    A,
    "ANAP 3.7",
    "Qui fait quoi, y compris quand le DUI ne répond pas.",
    modele=OUVERTURE,
)
_fait(
    NatureFait.REPRISE,
    "ouvrir",
    A,
    "ANAP 3.6",
    "Les dossiers en cours sont dans le DUI.",
    modele=OUVERTURE,
    applicable=~Q(unite__parcours__point_depart__in=[PointDepart.MEME_DUI, PointDepart.DEJA_CONFORME]),
)
_fait(NatureFait.ECRITS, "ouvrir", A, "PEP 76", "Pourquoi j'écris, avant de savoir où cliquer.", modele=OUVERTURE)
inscrire(
    Condition(
        code="temps_ecriture",
        libelle="Temps d'écriture et de lecture",
        source="PEP 76",
        modele=OUVERTURE,
        transitions=("ouvrir",),
        severite=A,
        mesure=Case(
            When(unite__parcours__temps_ecriture=TempsEcriture.DECIDE, then=Value(1)),
            When(unite__parcours__temps_ecriture=TempsEcriture.REFUSE, then=Value(-1)),
            default=Value(0),
            output_field=IntegerField(),
        ),
        format=lambda valeur, seuil: {1: "décidé", 0: "non décidé", -1: "refusé"}[int(valeur)],
        lien=_lien_fiche,
        remplir=_ecrire(temps_ecriture=TempsEcriture.DECIDE),
        pourquoi="Décidé, non décidé ou refusé : l'essentiel est de le dire, et par qui.",
        geste="Consigner la décision",
    )
)

# --- ouverture → service régulier ----------------------------------------------------------------------------------

inscrire(
    Condition(
        code="mise_en_conformite",
        libelle="Projet de mise en conformité",
        source="règle de la grappe",
        modele=PARCOURS,
        transitions=("verifier_service",),
        severite=B,
        mesure=Case(
            When(type_projet=TypeProjet.MISE_EN_CONFORMITE, then=Value(1)),
            default=Value(0),
            output_field=IntegerField(),
        ),
        format=oui_non("oui", "non"),
        lien=_lien_fiche,
        remplir=_ecrire(type_projet=TypeProjet.MISE_EN_CONFORMITE),
        pourquoi="Seule la mise en conformité mène droit de la préparation au service régulier.",
        geste="Voir la fiche",
        applicable=Q(etat=EtatParcours.PREPARATION),
    )
)


def _part_ouverte() -> Any:
    au_perimetre = Ouverture.objects.au_perimetre().filter(unite__parcours=OuterRef("pk")).order_by()
    ouvertes = Count("pk", filter=Q(etat__in=[EtatOuverture.OUVERTE, EtatOuverture.STABILISEE]))
    part = Cast(ouvertes, FloatField()) / Cast(Count("pk"), FloatField())
    return Subquery(
        au_perimetre.values("unite__parcours").annotate(part=part).values("part")[:1], output_field=FloatField()
    )


def _ouvrir_tout(parcours: Parcours, par: Any) -> None:
    for ouverture in Ouverture.objects.filter(unite__parcours=parcours, etat=EtatOuverture.A_PREPARER):
        changer_etat(ouverture, "constater", par=par, vers=EtatOuverture.OUVERTE)


inscrire(
    Condition(
        code="unites_ouvertes",
        libelle="Unités du périmètre ouvertes",
        source="ANAP 4",
        modele=PARCOURS,
        transitions=("verifier_service",),
        severite=A,
        mesure=_part_ouverte(),
        format=lambda valeur, seuil: f"{valeur * 100:.0f} % ouvertes",
        lien=lambda p: reverse("programme:parcours-detail", args=[p.pk]) + "#ouvertures",
        remplir=_ouvrir_tout,
        pourquoi="Ce qui reste fermé reste sur l'ancien support.",
        geste="Voir les ouvertures",
        applicable=Q(Exists(Ouverture.objects.au_perimetre().filter(unite__parcours=OuterRef("pk")))),
    )
)
inscrire(
    Condition(
        code="bloquants",
        libelle="Aucun ticket bloquant sans contournement",
        source="ANAP 4",
        modele=PARCOURS,
        transitions=("verifier_service",),
        severite=B,
        mesure=-F("nb_bloquants"),
        seuil=Value(0),
        format=lambda valeur, seuil: "aucun" if valeur >= 0 else f"{-valeur:.0f} en cours",
        lien=_lien_fiche,
        remplir=_ecrire(nb_bloquants=0),
        pourquoi="Un blocage sans contournement renvoie l'équipe au papier.",
    )
)

# --- service régulier → routine ------------------------------------------------------------------------------------

_fait(
    NatureFait.ARRIVANTS,
    "passer_en_routine",
    A,
    "ANAP 5",
    "La formation des arrivants entre au socle obligatoire.",
)
inscrire(
    Condition(
        code="referent_maintenu",
        libelle="Référent ou relais maintenu",
        source="ANAP 5",
        modele=PARCOURS,
        transitions=("passer_en_routine",),
        severite=A,
        mesure=Case(When(referent_maintenu=True, then=Value(1)), default=Value(0), output_field=IntegerField()),
        format=oui_non("maintenu", "non maintenu"),
        lien=_lien_fiche,
        remplir=_ecrire(referent_maintenu=True),
        pourquoi="Quelqu'un répond encore aux équipes, avec du temps pour le faire.",
    )
)
_fait(NatureFait.BILAN, "passer_en_routine", A, "ANAP 2", "Au regard des objectifs de départ.")
inscrire(
    Condition(
        code="usages_suivis",
        libelle="Usages suivis",
        source="ANAP 4",
        modele=PARCOURS,
        transitions=("passer_en_routine",),
        severite=A,
        mesure=Case(When(usages_suivis=True, then=Value(1)), default=Value(0), output_field=IntegerField()),
        format=oui_non("suivis", "non suivis"),
        lien=_lien_fiche,
        remplir=_ecrire(usages_suivis=True),
        pourquoi="Les cibles d'usage ne barrent jamais la routine ; on demande seulement de les suivre.",
    )
)
