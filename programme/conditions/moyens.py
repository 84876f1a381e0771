"""De quoi se préparer : documents et contacts du système d'information (ANAP 3.1), personnes et temps (ANAP 3.4)."""

from typing import Any

from django.db.models import IntegerField, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from programme.conditions.communes import PARCOURS, A
from programme.enums import Expertise, NatureDocument, Sujet
from programme.models import DocumentSi, Interlocuteur, Parcours, PersonneRessource
from programme.models.etat_des_lieux import dites_pour
from programme.socle.conditions import Condition, existe, inscrire
from programme.socle.nombres import accorde


def _documents() -> Any:
    return existe(DocumentSi.objects.filter(dites_pour()))


def _contacts() -> Any:
    """Qui répond du SI : le contact de l'ESMS, de son OG ou de sa grappe, comme sur la carte."""
    ici = Q(esms=OuterRef("esms")) | Q(og=OuterRef("esms__og")) | Q(grappe=OuterRef("grappe"))
    return existe(Interlocuteur.objects.filter(ici, sujet=Sujet.SI))


def _reunir(parcours: Parcours, par: Any) -> None:
    DocumentSi.objects.get_or_create(
        parcours=parcours, grappe=parcours.grappe, nature=NatureDocument.CONTRATS, defaults={"lieu": "dossier partagé"}
    )
    Interlocuteur.objects.get_or_create(
        sujet=Sujet.SI, esms=parcours.esms, defaults={"nom": "Responsable du système d'information"}
    )


inscrire(
    Condition(
        code="etat_des_lieux",
        libelle="Documents et contacts du système d'information réunis",
        source="ANAP 3.1",
        modele=PARCOURS,
        transitions=("preparer",),
        severite=A,
        # Les contacts comptent double : la somme dit aussi lequel des deux manque.
        mesure=_documents() + _contacts() * 2,
        seuil=Value(3),
        format=lambda valeur, seuil: {
            0: "ni document ni contact",
            1: "un document, qui répond du SI reste à dire",
            2: "un contact, aucun document encore",
        }.get(int(valeur), "réunis"),
        lien=lambda p: reverse("programme:parcours-etat-des-lieux", args=[p.pk]),
        remplir=_reunir,
        pourquoi="Un document et qui répond du système d'information : le reste de l'état des lieux est facultatif.",
    )
)


def _heures() -> Any:
    lignes = PersonneRessource.objects.filter(parcours=OuterRef("pk")).order_by().values("parcours")
    somme = lignes.annotate(somme=Sum("heures_accordees")).values("somme")
    return Coalesce(Subquery(somme, output_field=IntegerField()), 0)


def _accorder(parcours: Parcours, par: Any) -> None:
    PersonneRessource.objects.create(
        parcours=parcours, fonction="Référent", expertise=Expertise.PILOTAGE, heures_demandees=14, heures_accordees=7
    )


inscrire(
    Condition(
        code="ressources",
        libelle="Personnes ressources et temps accordé",
        source="ANAP 3.4",
        modele=PARCOURS,
        transitions=("preparer",),
        severite=A,
        mesure=_heures(),
        format=lambda valeur, seuil: f"{accorde(int(valeur), 'heure accordée,heures accordées')} par mois",
        lien=lambda p: reverse("programme:parcours-ressources", args=[p.pk]),
        remplir=_accorder,
        pourquoi="Un projet sans une heure accordée se fera sur le temps des équipes : mieux vaut le dire avant.",
    )
)
