"""Ouvrir une unité × module."""

from typing import Any

from django.db.models import Case, Count, IntegerField, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.urls import reverse

from programme.conditions.communes import OUVERTURE, A, B, L, au_parcours, ecrire, fait
from programme.enums import (
    EtatParcours,
    NatureFait,
    PointDepart,
    TempsEcriture,
)
from programme.models import LigneReprise, Ouverture
from programme.models.chantiers import LIGNE_FAITE, a_des_lignes
from programme.socle.conditions import Condition, inscrire, oui_non
from programme.socle.enums import Severite
from programme.socle.nombres import accorde
from programme.socle.porte import changer_etat

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
        est_structurelle=True,
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
fait(
    NatureFait.INFORMATION,
    "ouvrir",
    L,
    "information des personnes",
    "Plancher légal : une date suffit, aucune pièce.",
    modele=OUVERTURE,
)
fait(NatureFait.MATERIEL, "ouvrir", A, "ANAP 3.1", "Postes, tablettes et réseau là où l'on écrit.", modele=OUVERTURE)
fait(
    NatureFait.PROCEDURES,
    "ouvrir",
    A,
    "ANAP 3.7",
    "Qui fait quoi, y compris quand le DUI ne répond pas.",
    modele=OUVERTURE,
)
fait(
    NatureFait.REPRISE,
    "ouvrir",
    A,
    "ANAP 3.6",
    "Les dossiers en cours sont dans le DUI.",
    modele=OUVERTURE,
    # Une fois les données dites ligne à ligne, ce sont elles qui comptent : la date seule ne suffit plus.
    applicable=~Q(unite__parcours__point_depart__in=[PointDepart.MEME_DUI, PointDepart.DEJA_CONFORME])
    & ~a_des_lignes("unite__parcours"),
)


def _lignes(*, soins: bool) -> Any:
    return LigneReprise.objects.filter(parcours=OuterRef("unite__parcours"), securite_soins=soins).order_by()


def _nombre(lignes: Any) -> Any:
    comptees = lignes.values("parcours").annotate(nombre=Count("pk")).values("nombre")[:1]
    return Coalesce(Subquery(comptees, output_field=IntegerField()), 0)


def _finir(*, soins: bool) -> Any:
    def remplir(ouverture: Ouverture, par: Any) -> None:
        for ligne in LigneReprise.objects.filter(parcours=au_parcours(ouverture), securite_soins=soins):
            ligne.reste = 0
            ligne.save(update_fields=["reste"])

    return remplir


def reprise(code: str, libelle: str, severite: Severite, pourquoi: str, *, soins: bool) -> None:
    """Inscrit « plus rien à reprendre » : ce dont la sécurité des soins dépend, ou le reste."""
    inscrire(
        Condition(
            code=code,
            libelle=libelle,
            source="ANAP 3.6",
            modele=OUVERTURE,
            transitions=("ouvrir",),
            severite=severite,
            mesure=_nombre(_lignes(soins=soins).filter(LIGNE_FAITE)),
            seuil=_nombre(_lignes(soins=soins)),
            format=lambda valeur, seuil: f"{accorde(int(valeur), 'reprise finie,reprises finies')} sur {int(seuil)}",
            lien=lambda o: reverse("programme:parcours-reprise", args=[au_parcours(o).pk]),
            remplir=_finir(soins=soins),
            pourquoi=pourquoi,
            geste="Dire ce qui reste",
            applicable=a_des_lignes("unite__parcours", securite_soins=soins),
        )
    )


reprise(
    "reprise_soins",
    "Données dont dépend la sécurité des soins reprises",
    B,
    "Sans elles dans le DUI, une erreur de soin devient possible.",
    soins=True,
)
reprise(
    "reprise_reste",
    "Données reprises, ligne à ligne",
    A,
    "Dites ligne à ligne, ce sont elles qui comptent : ce qui reste se cherche encore dans l'ancien support.",
    soins=False,
)
fait(NatureFait.ECRITS, "ouvrir", A, "PEP 76", "Pourquoi j'écris, avant de savoir où cliquer.", modele=OUVERTURE)
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
        lien=lambda o: reverse("programme:parcours-ressources", args=[au_parcours(o).pk]) + "#bloc-temps",
        remplir=ecrire(temps_ecriture=TempsEcriture.DECIDE),
        pourquoi="Décidé, non décidé ou refusé : l'essentiel est de le dire, et par qui.",
        geste="Consigner la décision",
    )
)
