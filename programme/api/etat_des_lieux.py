"""Ce qu'un ESMS dit de lui-même avant de se préparer : état des lieux du SI, personnes ressources et temps d'écriture.

Mêmes lignes et mêmes droits que les pages : 404 hors périmètre, 403 pour qui n'est que financeur.
"""

from typing import Any

from django.utils import timezone
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from programme.api.besoins import ApplicationSerializer
from programme.api.commun import decrire, parcours_a_preparer
from programme.enums import SUJETS_SI, Sujet, TempsEcriture
from programme.models import Application, DocumentSi, Equipement, PersonneRessource, TempsMetier
from programme.models.etat_des_lieux import retenues
from programme.services.interlocuteurs import carte_de
from programme.services.lignes import lignes_de
from programme.services.ressources import heures_de


class DocumentSerializer(serializers.ModelSerializer):
    """Un document du SI : lequel, où il se trouve, de quand il est ; `pour_tout_l_og` : dit une fois par le siège."""

    pour_tout_l_og = serializers.BooleanField(source="est_commune")

    class Meta:
        model = DocumentSi
        fields = ["id", "nature", "intitule", "lieu", "date", "pour_tout_l_og"]


class ContactSerializer(serializers.Serializer):
    """Un contact du SI, tel que la carte « à qui m'adresser » y répond ; `provenance` dit d'où il vient."""

    sujet = serializers.ChoiceField(Sujet.choices)
    nom = serializers.CharField()
    fonction = serializers.CharField(allow_blank=True)
    telephone = serializers.CharField(allow_blank=True)
    courriel = serializers.CharField(allow_blank=True)
    provenance = serializers.CharField()


class EquipementSerializer(serializers.ModelSerializer):
    """Postes, tablettes, réseau ; null : pas dit. `rapport` : postes par personne qui écrit en même temps."""

    rapport = serializers.DecimalField(max_digits=8, decimal_places=2, allow_null=True)
    alertes = serializers.ListField(child=serializers.CharField())

    class Meta:
        model = Equipement
        fields = ["postes", "simultanes", "tablettes", "reseau", "wifi", "remarque", "rapport", "alertes"]


class EtatDesLieuxSerializer(serializers.Serializer):
    """L'état des lieux d'un parcours. Une application de l'ESMS passe devant celle que son OG dit sous le même nom."""

    documents = DocumentSerializer(many=True)
    contacts = ContactSerializer(many=True)
    applications = ApplicationSerializer(many=True)
    equipement = EquipementSerializer(allow_null=True)


class EtatDesLieuxParcours(APIView):
    """État des lieux du SI d'un parcours."""

    @decrire("parcours_etat_des_lieux", "Lire l'état des lieux du SI", EtatDesLieuxSerializer, reserve=True)
    def get(self, request: Request, pk: int) -> Response:
        """Documents, contacts, applications et équipement qui valent pour cet ESMS."""
        parcours = parcours_a_preparer(request, pk)
        applications = lignes_de(parcours, Application).select_related("og", "parcours__esms")
        etat = {
            "documents": lignes_de(parcours, DocumentSi),
            "contacts": list(_contacts(parcours, request.user)),
            "applications": retenues(applications),
            "equipement": Equipement.objects.filter(parcours=parcours).first(),
        }
        return Response(EtatDesLieuxSerializer(etat).data)


def _contacts(parcours: Any, par: Any) -> Any:
    for ligne in carte_de(parcours.esms, par=par, au=timezone.localdate()).lignes:
        for reponse in ligne.reponses if ligne.sujet in SUJETS_SI else ():
            i = reponse.interlocuteur
            dits = {nom: getattr(i, nom) for nom in ("nom", "fonction", "telephone", "courriel")}
            yield {"sujet": ligne.sujet, "provenance": reponse.provenance, **dits}


class PersonneSerializer(serializers.ModelSerializer):
    """Une personne ressource : une fonction, ce qu'elle apporte, ses heures par mois (null : pas dit)."""

    class Meta:
        model = PersonneRessource
        fields = ["id", "fonction", "nom", "expertise", "heures_demandees", "heures_accordees", "heures_degagees"]


class HeuresSerializer(serializers.Serializer):
    """Sommes par mois ; null quand personne ne l'a dit."""

    demandees = serializers.IntegerField(allow_null=True)
    accordees = serializers.IntegerField(allow_null=True)
    degagees = serializers.IntegerField(allow_null=True)


class TempsSerializer(serializers.ModelSerializer):
    """Le temps d'écriture d'un métier ; `minutes` par jour, quand il est décidé."""

    metier = serializers.CharField(source="metier.code")
    libelle = serializers.CharField(source="metier.nom")

    class Meta:
        model = TempsMetier
        fields = ["metier", "libelle", "decision", "minutes", "decide_par"]


class PersonnesSerializer(serializers.Serializer):
    """Sur qui l'ESMS compte, et le temps d'écrire et de lire ; `temps_ecriture` : la réponse de l'ESMS."""

    personnes = PersonneSerializer(many=True)
    heures = HeuresSerializer()
    temps_ecriture = serializers.ChoiceField(TempsEcriture.choices)
    temps = TempsSerializer(many=True)


class PersonnesParcours(APIView):
    """Personnes ressources et temps d'écriture d'un parcours."""

    @decrire("parcours_personnes", "Lire les personnes ressources et le temps", PersonnesSerializer, reserve=True)
    def get(self, request: Request, pk: int) -> Response:
        """Heures demandées, accordées, dégagées ; temps décidé, non décidé ou refusé, métier par métier."""
        parcours = parcours_a_preparer(request, pk)
        rendu = {
            "personnes": lignes_de(parcours, PersonneRessource),
            "heures": heures_de(parcours),
            "temps_ecriture": parcours.temps_ecriture,
            "temps": lignes_de(parcours, TempsMetier),
        }
        return Response(PersonnesSerializer(rendu).data)
