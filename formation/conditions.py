"""Ce qu'ouvrir une unité demande à la formation : droits d'accès validés, connexion vérifiée, personnes formées."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Count, Exists, F, FloatField, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils import timezone

from formation.enums import (
    LA_NUIT,
    LE_JOUR,
    DroitAcces,
    MotifType,
    NatureFormation,
    NatureProfil,
    OrigineAcquis,
    Rythme,
)
from formation.models import (
    Acquis,
    ConnexionVerifiee,
    Habilitation,
    Matrice,
    ModuleFormation,
    PlanFormation,
    Poste,
    Professionnel,
    Profil,
    RaisonHabilitation,
)
from formation.models.couverture import exigences_des_postes
from formation.models.plan import SEUIL_COUVERTURE
from programme.calculs.masquage import SEUIL as PETIT
from programme.conditions.communes import OUVERTURE, A, B, au_parcours
from programme.enums import Role
from programme.models import Affectation, Metier, Ouverture, Parcours, Utilisateur
from programme.socle.conditions import Condition, existe, inscrire, oui_non
from programme.socle.nombres import pourcentage
from programme.socle.porte import changer_etat

REFERENT, VEILLE = "educateur-specialise", "surveillant-de-nuit"
"""Métiers des recettes."""


def lien_de(route: str) -> Callable[[Any], str]:
    """Lien vers une page de l'ESMS."""
    return lambda objet: reverse(f"formation:{route}", args=[au_parcours(objet).pk])


# --- droits d'accès validés par le directeur -----------------------------------------------------------------------


def _valider(ouverture: Ouverture, par: Any) -> None:
    """Une variante validée par la direction : `par`, ou celle que l'ESMS a déjà."""
    parcours = au_parcours(ouverture)
    if Matrice.objects.en_vigueur().filter(parcours=parcours).exists():
        return
    matrice = Matrice.objects.en_travail().filter(parcours=parcours).first() or Matrice.objects.create(
        parcours=parcours, grappe=parcours.grappe, creee_par=par
    )
    profil, _ = Profil.objects.get_or_create(
        grappe=parcours.grappe, code="equipe", defaults={"nom": "Équipe", "nature": NatureProfil.EDUCATIF}
    )
    Habilitation.objects.get_or_create(
        matrice=matrice, profil=profil, module=ouverture.module, defaults={"droit": DroitAcces.ECRITURE}
    )
    for choix in matrice.reste_a_expliquer():
        RaisonHabilitation.objects.create(
            matrice=matrice, regle=choix.regle, cle=choix.cle, motif_type=MotifType.PETITE_EQUIPE, donnee_par=par
        )
    changer_etat(matrice, "valider", par=_direction(parcours, par))


def _direction(parcours: Parcours, par: Any) -> Utilisateur:
    tenues = Affectation.objects.en_cours(timezone.localdate()).filter(role=Role.DIRECTEUR, esms=parcours.esms)
    direction = tenues.select_related("utilisateur").first()
    return direction.utilisateur if direction else par


inscrire(
    Condition(
        code="droits_valides",
        libelle="Droits d'accès validés par la direction",
        source="PEP 76",
        modele=OUVERTURE,
        transitions=("ouvrir",),
        severite=B,
        mesure=existe(Matrice.objects.en_vigueur().filter(parcours=OuterRef("unite__parcours"))),
        format=oui_non("validés", "pas encore validés"),
        lien=lien_de("parcours-habilitations"),
        remplir=_valider,
        pourquoi="Qui voit quoi se décide avant que les dossiers s'ouvrent, pas après.",
        geste="Voir les droits d'accès",
    )
)

# --- comptes nominatifs et connexion vérifiée ----------------------------------------------------------------------


def _verifier(ouverture: Ouverture, par: Any) -> None:
    ConnexionVerifiee.objects.get_or_create(unite=ouverture.unite, defaults={"verifiee_par": par})


inscrire(
    Condition(
        code="connexion_verifiee",
        libelle="Comptes nominatifs et connexion vérifiée",
        source="ANAP 3.6",
        modele=OUVERTURE,
        transitions=("ouvrir",),
        severite=B,
        mesure=existe(ConnexionVerifiee.objects.filter(unite=OuterRef("unite"))),
        format=oui_non("vérifiée", "pas encore vérifiée"),
        lien=lien_de("parcours-comptes"),
        remplir=_verifier,
        pourquoi="Un compte partagé n'écrit au nom de personne ; un mot de passe introuvable renvoie au papier.",
        geste="Voir les comptes",
    )
)

# --- personnes formées dans l'unité, jour et nuit ------------------------------------------------------------------


def _dans_l_unite(au: date) -> Any:
    """Les postes prévus dans l'unité de l'ouverture ; sans unité dite, une personne compte pour toutes."""
    ici = Q(unite=OuterRef("unite")) | Q(unite__isnull=True, parcours=OuterRef("unite__parcours"))
    return Poste.objects.prevus(au).filter(ici).order_by()


def _formees_au_dui(au: date) -> Any:
    """Celles qui ont un acquis valable d'un module qui enseigne ce module du DUI."""
    enseignent = Q(module__modules__isnull=True) | Q(module__modules=OuterRef(OuterRef("module")))
    acquis = Acquis.objects.valables(au).filter(
        enseignent,
        professionnel=OuterRef("professionnel"),
        module__nature=NatureFormation.DUI,
        module__grappe=OuterRef("parcours__grappe"),
    )
    return _dans_l_unite(au).filter(Exists(acquis))


def _jour_et_nuit() -> Any:
    """1 si quelqu'un est formé le jour, et 1 de plus la nuit là où l'on travaille la nuit."""
    formees = _formees_au_dui(timezone.localdate())
    le_jour = existe(formees.filter(rythme__in=LE_JOUR))
    la_nuit = Case(
        When(Q(unite__a_nuit=True) & Exists(formees.filter(rythme__in=LA_NUIT)), then=Value(2)),
        default=Value(0),
        output_field=IntegerField(),
    )
    # La nuit compte double : la somme dit aussi laquelle des deux manque.
    return le_jour + la_nuit


_ATTENDU = Case(When(unite__a_nuit=True, then=Value(3)), default=Value(1), output_field=IntegerField())


def _en_mots(valeur: float, seuil: float) -> str:
    if valeur >= seuil:
        return "jour et nuit" if seuil > 1 else "au moins une"
    return {0: "personne", 1: "le jour, personne la nuit", 2: "la nuit, personne le jour"}[int(valeur)]


def _equipe(ouverture: Ouverture, par: Any) -> list[Poste]:
    """Deux personnes sans nom dans l'unité, une de jour, une de nuit s'il en faut ; les mêmes si elles y sont déjà."""
    parcours, unite = au_parcours(ouverture), ouverture.unite
    rythmes = [Rythme.JOUR, *([Rythme.NUIT] if unite.a_nuit else [])]
    rendu = []
    for rythme in rythmes:
        poste = Poste.objects.prevus(timezone.localdate()).filter(unite=unite, rythme=rythme).first()
        code = VEILLE if rythme == Rythme.NUIT else REFERENT
        metier, _ = Metier.objects.get_or_create(code=code, defaults={"nom": code.replace("-", " ").capitalize()})
        rendu.append(
            poste
            or Poste.objects.create(
                professionnel=Professionnel.objects.create(og=parcours.esms.og),
                parcours=parcours,
                unite=unite,
                metier=metier,
                rythme=rythme,
                debut=timezone.localdate() - timedelta(days=60),
                saisi_par=par,
            )
        )
    return rendu


def _former(ouverture: Ouverture, par: Any) -> None:
    """Toute l'unité, formée par constat à tout le socle de la grappe, et au moins à la prise en main du DUI."""
    jour, grappe = timezone.localdate(), au_parcours(ouverture).grappe
    _equipe(ouverture, par)
    socle = list(ModuleFormation.objects.du_socle().filter(grappe=grappe))
    if not any(m.nature == NatureFormation.DUI for m in socle):
        socle.append(ModuleFormation.objects.create(grappe=grappe, code="prise-en-main", nom="Prendre en main le DUI"))
    for poste in Poste.objects.prevus(jour).filter(unite=ouverture.unite):
        for module in socle:
            Acquis.objects.get_or_create(
                professionnel=poste.professionnel,
                module=module,
                obtenu_le=jour,
                inscription=None,
                defaults={"origine": OrigineAcquis.CONSTAT, "constate_par": par},
            )


inscrire(
    Condition(
        code="formes_jour_et_nuit",
        libelle="Personnes formées dans l'unité, le jour et la nuit",
        source="ANAP 3.6",
        modele=OUVERTURE,
        transitions=("ouvrir",),
        severite=B,
        mesure=_jour_et_nuit,
        seuil=_ATTENDU,
        format=_en_mots,
        lien=lien_de("parcours-formation"),
        remplir=_former,
        pourquoi="On n'ouvre pas une unité où personne, à une heure où l'on travaille, ne sait s'en servir.",
        geste="Voir la formation",
    )
)


def _seuil() -> Any:
    propre = PlanFormation.objects.filter(grappe=OuterRef("unite__parcours__grappe")).values("seuil_couverture")
    return Coalesce(Subquery(propre, output_field=IntegerField()), SEUIL_COUVERTURE)


SOUS_LE_SEUIL, AU_SEUIL = -1, 101
"""Une équipe de moins de cinq ne dit que son côté du seuil : son taux nommerait qui manque."""


def _couverture() -> Any:
    """Part des personnes de l'unité formées à tout leur socle, en pour cent ; zéro s'il n'y a personne."""
    au = timezone.localdate()
    demande = Coalesce("parcours__grappe__plan_formation__seuil_couverture", SEUIL_COUVERTURE)
    # D'un seul compte : répété dans chaque branche du Case, il se rejouerait autant de fois par ouverture.
    comptees = exigences_des_postes(_dans_l_unite(au), au).values("parcours", demande=demande)
    comptees = comptees.annotate(
        total=Count("professionnel", distinct=True),
        manquent=Count("professionnel", distinct=True, filter=Q(manque=True)),
    ).annotate(part=Cast(F("total") - F("manquent"), FloatField()) * 100 / F("total"))
    dite = Case(
        When(total__lt=PETIT, part__gte=F("demande"), then=Value(float(AU_SEUIL))),
        When(total__lt=PETIT, then=Value(float(SOUS_LE_SEUIL))),
        default=F("part"),
        output_field=FloatField(),
    )
    lue = comptees.annotate(dite=dite).values("dite")[:1]
    return Coalesce(Subquery(lue, output_field=FloatField()), 0.0)


def _part_en_mots(valeur: float, seuil: float) -> str:
    demande = pourcentage(seuil / 100)
    if valeur == AU_SEUIL:
        return f"petite équipe, au moins {demande}"
    return f"petite équipe, sous {demande}" if valeur == SOUS_LE_SEUIL else f"{pourcentage(valeur / 100)} / {demande}"


inscrire(
    Condition(
        code="couverture_unite",
        libelle="Couverture de formation de l'unité",
        source="ANAP 3.6",
        modele=OUVERTURE,
        transitions=("ouvrir",),
        severite=A,
        mesure=_couverture,
        seuil=_seuil(),
        format=_part_en_mots,
        lien=lien_de("parcours-formation"),
        remplir=_former,
        pourquoi="Sous le seuil, les non-formés demandent aux formés, ou gardent leur cahier.",
        geste="Voir qui reste à former",
    )
)
