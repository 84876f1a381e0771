"""Annuaire : ESMS et organismes gestionnaires. Public pour tout connecté ; les parcours ne le sont pas."""

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from programme.enums import EtatParcours, Portee, Role
from programme.filters.annuaire import EsmsDeLOgFilter, EsmsFilter, OgFilter
from programme.models import Affectation, Esms, Grappe, OrganismeGestionnaire, Parcours
from programme.permissions import peut_administrer, peut_affecter, peut_creer_grappe, peut_deleguer, peut_tenir_la_carte
from programme.socle.listes import VueListe
from programme.socle.valeurs import LigneLue
from programme.tables.annuaire import EsmsDeLOgTable, EsmsTable, OgTable

VUES: tuple[tuple[str, str], ...] = (
    ("ESMS", "programme:esms-liste"),
    ("Organismes gestionnaires", "programme:og-liste"),
    ("Groupes", "programme:groupe-liste"),
    ("Solutions", "programme:solution-liste"),
)


class EsmsLu(LigneLue):
    """Un ESMS lu en valeurs : où mènent son nom et son organisme."""

    champs = ("finess", "og_id", "nom")
    affichable = True
    __slots__ = champs


class EsmsListe(VueListe):
    """Annuaire des ESMS : en activité et du champ, sauf demande contraire."""

    modele = Esms
    table = EsmsTable
    filtre = EsmsFilter
    titre = "Annuaire des ESMS"
    chapeau = "ESMS en activité du répertoire FINESS ; les filtres ouvrent aux fermés et aux autres catégories."
    unite = "ESMS,ESMS"
    recherche = "Nom, ville ou FINESS"
    nom_fichier = "annuaire-esms"
    vues = VUES
    sorte = EsmsLu

    def requete(self) -> QuerySet:
        """Avec ce qu'une ligne affiche."""
        return Esms.objects.visibles_par(self.request.user).select_related("categorie", "og", "departement__region")

    def vide(self) -> dict[str, str]:
        """L'annuaire n'a pas été chargé."""
        return {
            "titre": "L’annuaire est vide",
            "texte": "L’administrateur le charge depuis un fichier FINESS.",
            "icone": "inbox",
        }


class OgListe(VueListe):
    """Organismes gestionnaires, avec ce que le lecteur voit de leur part dans le projet."""

    modele = OrganismeGestionnaire
    table = OgTable
    filtre = OgFilter
    titre = "Organismes gestionnaires"
    chapeau = "« Dans le projet » ne compte que les ESMS de votre périmètre."
    unite = "OG,OG"
    recherche = "Nom, FINESS juridique ou SIREN"
    nom_fichier = "organismes-gestionnaires"
    vues = VUES

    def requete(self) -> QuerySet:
        """Avec le nombre de leurs ESMS."""
        utilisateur = self.request.user
        return OrganismeGestionnaire.objects.visibles_par(utilisateur).avec_comptes(utilisateur)


class OgDetail(EsmsListe):
    """Fiche d'un organisme gestionnaire : son identité, puis ses ESMS, par la même liste."""

    table = EsmsDeLOgTable
    filtre = EsmsDeLOgFilter
    gabarit = "programme/og_detail.html"
    nom_fichier = ""
    vues = ()

    @cached_property
    def og(self) -> OrganismeGestionnaire:
        """L'organisme de la page."""
        visibles = OrganismeGestionnaire.objects.visibles_par(self.request.user).avec_comptes(self.request.user)
        return get_object_or_404(visibles, pk=self.kwargs["pk"])

    def requete(self) -> QuerySet:
        """Ses ESMS seulement."""
        return super().requete().filter(og=self.og)

    def nommer(self) -> str:
        """Son nom."""
        return self.og.nom

    def presenter(self) -> str:
        """Sa raison sociale, si elle dit autre chose que son nom."""
        return self.og.nom_long if self.og.nom_long != self.og.nom else ""

    def vide(self) -> dict[str, str]:
        """Rien de rattaché dans l'annuaire."""
        texte = "Aucun ESMS ouvert de l’annuaire n’est rattaché à cet organisme gestionnaire."
        return {"titre": "Aucun ESMS", "texte": texte, "icone": "inbox"}

    def contexte(self) -> dict[str, Any]:
        """L'identité de l'organisme."""
        utilisateur = self.request.user
        return {
            "og": self.og,
            "tient_la_carte": bool(peut_tenir_la_carte(utilisateur, self.og)),
            "tient_le_siege": self.og.pk in utilisateur.perimetre.seul(Role.SIEGE).ogs,
        }


def _gestes(utilisateur: Any, esms: Esms) -> dict[str, Any]:
    """Grappes où le lecteur peut ajouter l'ESMS, s'il peut en monter une, nommer ou déléguer la direction."""
    conduites = [
        a.cible for a in utilisateur.perimetre.affectes if a.role == Role.CHEF_PROJET and a.portee == Portee.GRAPPE
    ]
    deja = esms.parcours.exclude(etat=EtatParcours.SORTI).values("grappe")
    return {
        "peut_monter": bool(peut_creer_grappe(utilisateur)),
        "grappes": Grappe.objects.filter(pk__in=conduites).exclude(pk__in=deja),
        "nomme": bool(peut_affecter(utilisateur, Role.REFERENT, esms)),
        "delegue": bool(peut_deleguer(utilisateur, esms)),
        "fusionne": bool(peut_administrer(utilisateur)) and not esms.remplace_par_id,
    }


def _directions(utilisateur: Any, esms: Esms) -> dict[str, Any]:
    """Qui dirige, pour qui a le droit de le lire ; les autres savent seulement si le poste est tenu."""
    de_l_esms = Affectation.objects.en_cours(timezone.localdate()).dirigeant(esms)
    nommees = de_l_esms.visibles_par(utilisateur).select_related("utilisateur").distinct()
    return {"directions": nommees, "direction_tenue": de_l_esms.exists()}


@require_safe
def esms_detail(request: HttpRequest, finess: str) -> HttpResponse:
    """Fiche d'un ESMS : identité et histoire pour tous ; parcours et directions selon le périmètre."""
    fiches = Esms.objects.visibles_par(request.user).select_related(
        "categorie", "og", "departement__region", "remplace_par"
    )
    esms = get_object_or_404(fiches, finess=finess)
    contexte = {
        "esms": esms,
        "parcours": Parcours.objects.visibles_par(request.user).filter(esms=esms).pour_lecture().avec_dates(),
        "remplaces": esms.remplace.all(),
        "evenements": esms.evenements.all(),
        "suites": set(esms.evenements.visibles_par(request.user).values_list("pk", flat=True)),
        "gestes": _gestes(request.user, esms),
    }
    return render(request, "programme/esms_detail.html", contexte | _directions(request.user, esms))
