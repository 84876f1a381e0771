"""Les études de l'équipe du compte, et l'entonnoir de chacune : étapes, comptes, raisons."""

from typing import Any

from django.http import Http404
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from programme.api.commun import ListeDePage, decrire
from usages.calculs.unites_entonnoir import Decision, Unite, compter
from usages.enums import EtatEtude, GenreEtape, RoleEtude
from usages.models import Etude
from usages.services.etudes.entonnoir import Deroule, derouler_etude
from usages.services.etudes.lecture import EtapeLue, en_une_ligne, etapes_lues
from usages.views.etudes.liste import EtudeListe

UNITES_AU_PLUS = 200
BORNE = f"{UNITES_AU_PLUS} au plus ; le nombre entier est à côté, la liste entière dans le CSV de la page."


class EtudeSerializer(serializers.ModelSerializer):
    """Une étude : sa question, où elle en est, ce que le compte y fait."""

    etat = serializers.ChoiceField(EtatEtude.choices)
    mon_role = serializers.ChoiceField(RoleEtude.choices)
    nb_etapes = serializers.IntegerField()
    nb_figees = serializers.IntegerField(help_text="Étapes dont les entrées et les décisions sont gardées.")
    nb_visites = serializers.IntegerField(help_text="Ni refusées, ni annulées.")

    class Meta:
        model = Etude
        fields = [
            "id", "titre", "question", "etat", "mon_role", "base_le", "creee_le", "nb_etapes", "nb_figees",
            "nb_visites",
        ]  # fmt: skip


class ListeEtudes(ListeDePage):
    """Les études de l'équipe du compte."""

    serializer_class = EtudeSerializer
    liste = EtudeListe
    route = "usages:etude-liste"

    @decrire("etudes_lister", "Lire ses études", EtudeSerializer(many=True), liste=EtudeListe)
    def get(self, *args: Any, **kwargs: Any) -> Any:
        """Une page d'études, la plus récente d'abord ; jamais celles dont on n'est pas de l'équipe."""
        return super().get(*args, **kwargs)


class RaisonSerializer(serializers.Serializer):
    """Une raison d'écarter, et combien d'unités elle écarte."""

    dit = serializers.CharField()
    nombre = serializers.IntegerField()


class UniteDEntonnoirSerializer(serializers.Serializer):
    """Une unité, ce qu'on en décide, et pourquoi."""

    ref = serializers.CharField(help_text="Sa nature et sa clé : « og:750000001 ».")
    nom = serializers.CharField()
    faits = serializers.DictField(help_text="Ce qu'on en sait ; null : on ne le sait pas.")
    statut = serializers.CharField(help_text="`retenu`, `readmis` ou `ecarte`.")
    raisons = serializers.ListField(child=serializers.CharField())
    rang = serializers.IntegerField(allow_null=True, help_text="À partir de 1, pour un classement.")
    note = serializers.FloatField(allow_null=True)


class EtapeDEntonnoirSerializer(serializers.Serializer):
    """Une étape : ce qui y entre, ce qui en sort, qui s'y arrête et pourquoi."""

    code = serializers.CharField()
    titre = serializers.CharField()
    palier = serializers.CharField(allow_blank=True)
    genre = serializers.ChoiceField(GenreEtape.choices)
    en_clair = serializers.CharField(
        allow_blank=True, help_text="« 111 grappes → 44 OG » ; vide si elle ne se joue pas."
    )
    regles = serializers.ListField(child=serializers.CharField())
    nb_entrees = serializers.IntegerField()
    nb_sorties = serializers.IntegerField()
    nb_ecartees = serializers.IntegerField()
    nb_readmises = serializers.IntegerField()
    figee_le = serializers.DateTimeField(allow_null=True)
    a_bouge = serializers.BooleanField(help_text="Figée, et ce qui y entre n'est plus ce qui y entrait.")
    remarques = serializers.ListField(child=serializers.CharField(), help_text="Quotas impossibles, places vides.")
    raisons = RaisonSerializer(many=True, help_text="De la plus fréquente à la moins ; vingt au plus.")
    readmises = UniteDEntonnoirSerializer(many=True, help_text=f"Les exceptions et leur motif ; {BORNE}")
    retenues = UniteDEntonnoirSerializer(many=True, help_text=f"Ce qui en sort ; {BORNE}")
    ecartees = UniteDEntonnoirSerializer(many=True, help_text=f"Ce qui s'y arrête ; {BORNE}")


class EntonnoirSerializer(serializers.Serializer):
    """L'entonnoir d'une étude, étape par étape."""

    etude = serializers.IntegerField()
    en_une_ligne = serializers.CharField(allow_blank=True)
    base = serializers.CharField(help_text="« 111 grappes ».")
    base_le = serializers.DateField(allow_null=True)
    paliers = serializers.ListField(child=serializers.ListField(child=serializers.CharField()))
    faute = serializers.CharField(allow_blank=True, help_text="Pourquoi l'entonnoir s'arrête en route ; vide sinon.")
    etapes = EtapeDEntonnoirSerializer(many=True)


def _unite(unite: Unite) -> dict[str, Any]:
    return {"ref": unite.ref, "nom": unite.nom, "faits": dict(unite.faits)}


def _decision(decision: Decision) -> dict[str, Any]:
    return _unite(decision.unite) | {
        "statut": str(decision.statut),
        "raisons": [r.dit for r in decision.raisons],
        "rang": decision.rang,
        "note": None if decision.note is None else round(float(decision.note), 2),
    }


def _etape(lue: EtapeLue) -> dict[str, Any]:
    resultat = lue.resultat
    return {
        "code": lue.etape.code,
        "titre": lue.etape.titre,
        "palier": lue.etape.palier,
        "genre": lue.etape.genre,
        "en_clair": resultat.en_clair if resultat else "",
        "regles": lue.regles,
        "nb_entrees": len(resultat.entrees) if resultat else 0,
        "nb_sorties": len(lue.retenues),
        "nb_ecartees": len(lue.ecartees),
        "nb_readmises": len(lue.exceptions),
        "figee_le": lue.etape.figee_le,
        "a_bouge": bool(lue.bouge),
        "remarques": list(resultat.remarques) if resultat else [],
        "raisons": [{"dit": r.dit, "nombre": r.nombre} for r in lue.raisons[:20]],
        "readmises": [_decision(d) for d in lue.exceptions[:UNITES_AU_PLUS]],
        "retenues": [_decision(d) for d in lue.retenues[:UNITES_AU_PLUS]],
        "ecartees": [_decision(d) for d in lue.ecartees[:UNITES_AU_PLUS]],
    }


def en_donnees(etude: Etude, deroule: Deroule) -> dict[str, Any]:
    """L'entonnoir en données : deux lectures de la même étude rendent la même chose."""
    return {
        "etude": etude.pk,
        "en_une_ligne": en_une_ligne(deroule),
        "base": compter(deroule.entonnoir.base),
        "base_le": etude.base_le,
        "paliers": [list(palier) for palier in deroule.entonnoir.paliers],
        "faute": deroule.faute,
        "etapes": [_etape(lue) for lue in etapes_lues(deroule)],
    }


class EntonnoirDEtude(APIView):
    """L'entonnoir d'une étude."""

    @decrire("etudes_entonnoir", "Lire l'entonnoir d'une étude", EntonnoirSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """Étapes, comptes, raisons, unités ; 404 hors de l'équipe."""
        etude = Etude.objects.visibles_par(request.user).filter(pk=pk).first()
        if etude is None:
            raise Http404
        return Response(EntonnoirSerializer(en_donnees(etude, derouler_etude(etude))).data)
