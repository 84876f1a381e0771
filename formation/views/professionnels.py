"""Les utilisateurs prévus d'un ESMS : la liste, une personne, l'ajouter, la corriger, ce qu'on garde d'elle."""

import json
from functools import cached_property
from typing import Any

from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from formation.documents.reflexe import reflexe_de
from formation.enums import Rythme
from formation.filters.professionnels import RENFORTS, TOUS, PosteFilter
from formation.forms.professionnels import AjoutForm, PersonneForm
from formation.models import Poste, Professionnel
from formation.permissions import (
    peut_corriger_personne,
    peut_effacer_personne,
    peut_gerer_professionnels,
    peut_lire_formation,
)
from formation.services import effacement
from formation.services import professionnels as services
from formation.services.lecture_professionnels import fiche_de, formes_parmi
from formation.tables.professionnels import PosteTable
from programme.forms.referentiel import ConfirmationForm
from programme.models import Parcours
from programme.socle import emporter
from programme.socle.listes import VueListe
from programme.views.refus import exiger
from programme.views.requete import Requete
from programme.views.saisies import saisir

LISTE, DETAIL = "formation:parcours-professionnels", "formation:professionnel-detail"
CREER = "formation:professionnel-creer"
CONSEQUENCES = (
    "Son nom, son matricule et son courriel s’effacent, partout ; il n’en reste qu’un numéro.",
    "Ses postes, ses inscriptions et ses acquis restent, sans nom : les comptes ne changent pas.",
    "Ses comptes du DUI ne disent plus à qui ils étaient. Treille ne ferme rien chez l’éditeur : demandez-le-lui.",
    "Rien ne permet de revenir en arrière.",
)
IL_RESTE = "La personne reste dans le DUI et dans votre paie : Treille n’y touche pas."


def parcours_vu(request: Requete, pk: int) -> Parcours:
    """Le parcours, pour qui le voit ; 404 hors périmètre."""
    vus = Parcours.objects.visibles_par(request.user).select_related("esms__departement", "esms__og", "grappe")
    parcours: Parcours = get_object_or_404(vus, pk=pk)
    return parcours


def url_d_import(parcours: Parcours) -> str:
    """Où déposer le fichier des ressources humaines."""
    try:
        return reverse("formation:parcours-professionnels-import", args=[parcours.pk])
    except NoReverseMatch:
        return ""


class ProfessionnelListe(VueListe):
    """Les utilisateurs prévus d'un ESMS, avec leurs noms : pour qui le gère, et personne d'autre."""

    request: Requete
    gabarit = "formation/professionnel_liste.html"
    modele = Poste
    table = PosteTable
    filtre = PosteFilter
    unite = "poste"
    recherche = "Nom ou matricule"
    nom_fichier = "professionnels"
    http_method_names = ["get", "head", "options"]
    redites = {"unite": ("unite",), "metier": ("metier",)}

    @cached_property
    def parcours(self) -> Parcours:
        """L'ESMS dont c'est la page."""
        return parcours_vu(self.request, self.kwargs["pk"])

    def autoriser(self) -> None:
        """Les noms sont réservés."""
        exiger(peut_gerer_professionnels(self.request.user, self.parcours))

    def requete(self) -> QuerySet:
        """Les postes de l'ESMS ; ceux sans nom à la fin, jour puis nuit."""
        rangs = [When(rythme=r, then=Value(i)) for i, r in enumerate(Rythme)]
        siens = Poste.objects.visibles_par(self.request.user).filter(parcours=self.parcours).pour_lecture()
        return siens.annotate(
            sans_nom=Case(When(professionnel__nom="", then=1), default=0, output_field=IntegerField()),
            rang_rythme=Case(*rangs, output_field=IntegerField()),
        )

    def enrichir(self, objets: list[Any], colonnes: list[str]) -> None:
        """Formé au socle, ou non."""
        if "forme" in colonnes:
            formes = formes_parmi(objets, au=timezone.localdate())
            for poste in objets:
                poste.forme = formes[poste.pk]

    def nommer(self) -> str:
        """L'ESMS en titre : la page s'imprime."""
        return f"Professionnels, {self.parcours}"

    def presenter(self) -> str:
        """Ce qu'on y lit."""
        return "Ceux qui se serviront du DUI. Ces noms ne se lisent que par qui gère l’ESMS."

    def contexte(self) -> dict[str, Any]:
        """Les premiers gestes, et les renforts à part."""
        au = timezone.localdate()
        return {
            "parcours": self.parcours,
            "url_import": url_d_import(self.parcours),
            "nb_renforts": Poste.objects.filter(parcours=self.parcours).renforts(au).count(),
            "url_renforts": self.adresse(sans=("presence",), presence=RENFORTS),
            "montre_les_renforts": self.parametres.get("presence") == RENFORTS,
        }

    def vide(self) -> dict[str, str]:
        """Personne encore, ou personne aujourd'hui."""
        if self.visibles.exists():
            texte = "Des postes sont à venir, finis, ou tenus par des renforts de moins d’un mois."
            geste = {"url": f"?presence={TOUS}", "libelle": "Voir tous les postes"}
            return {"titre": "Personne en poste aujourd’hui", "texte": texte, "icone": "users"} | geste
        texte = "Importez le fichier des ressources humaines, ajoutez une personne à la main, ou comptez sans noms."
        importe = url_d_import(self.parcours)
        geste = {
            "url": importe or reverse(CREER, args=[self.parcours.pk]),
            "libelle": "Importer le fichier" if importe else "Ajouter une personne",
        }
        return {"titre": "Aucun utilisateur prévu encore", "texte": texte, "icone": "users"} | geste

    def emports(self, total: int) -> list[dict[str, Any]]:
        """Toujours à la demande : un classeur gardé sur le serveur garderait des noms."""
        return [emport | {"en_fond": False} for emport in super().emports(total)]

    def exporter(self, format_demande: str) -> HttpResponseBase:
        """Le classeur se rend dans la réponse, quelle que soit sa taille."""
        return emporter.en_classeur(self) if format_demande == emporter.XLSX else super().exporter(format_demande)


def personne_vue(request: Requete, pk: int) -> Professionnel:
    """La personne, pour qui gère un de ses ESMS ; 404 pour tout le reste."""
    vues = Professionnel.objects.visibles_par(request.user).select_related("og")
    personne: Professionnel = get_object_or_404(vues, pk=pk)
    return personne


@require_safe
def detail(request: Requete, pk: int) -> HttpResponse:
    """Une personne : ses postes, ce qu'elle a suivi, ses comptes ; ce qu'on peut corriger, emporter, effacer."""
    personne, au = personne_vue(request, pk), timezone.localdate()
    fiche = fiche_de(personne, par=request.user)
    contexte = {
        "personne": personne,
        "fiche": fiche,
        "parcours": fiche.parcours,
        "postes": [(p, p.est_tenu(au), p.fin is None or p.fin >= au) for p in fiche.postes],
        "corrige": not personne.pseudonymise_le and bool(peut_corriger_personne(request.user, personne)),
        "efface": peut_effacer_personne(request.user, personne),
        "au": au,
    }
    return render(request, "formation/professionnel_detail.html", contexte)


@require_http_methods(["GET", "POST"])
def creer(request: Requete, pk: int) -> HttpResponse:
    """Ajouter à la main une personne que la paie ignore, et son poste."""
    parcours = parcours_vu(request, pk)
    exiger(peut_gerer_professionnels(request.user, parcours))
    formulaire = AjoutForm(request.POST or None, parcours=parcours)
    return saisir(
        request,
        formulaire,
        lambda: services.ajouter_personne(
            parcours=parcours, par=request.user, personne=formulaire.de_personne(), poste=formulaire.de_poste()
        ),
        retour=reverse(LISTE, args=[pk]),
        succes=lambda p: f"{p} est ajouté aux professionnels de {parcours}.",
        vers=lambda p: reverse(DETAIL, args=[p.pk]),
        gabarit="formation/professionnel_saisie.html",
        parcours=parcours,
        titre="Ajouter une personne",
        libelle="Ajouter cette personne",
        existante=_existante(request, parcours),
    )


def _existante(request: Requete, parcours: Parcours) -> Professionnel | None:
    """La personne qui porte déjà le matricule saisi, si le lecteur la voit : on lui ajoute plutôt un poste."""
    autre = services.personne_au_matricule(parcours.esms.og, request.POST.get("matricule", "").strip())
    return autre if autre and services.est_vue(autre, request.user) else None


@require_http_methods(["GET", "POST"])
def modifier(request: Requete, pk: int) -> HttpResponse:
    """Corriger un nom, un matricule, un courriel."""
    personne = personne_vue(request, pk)
    exiger(peut_corriger_personne(request.user, personne))
    formulaire = PersonneForm.pour(personne, request.POST or None)
    vu = request.POST.get("vu", "")
    return saisir(
        request,
        formulaire,
        lambda: services.corriger_personne(personne=personne, par=request.user, vu=vu, **formulaire.de_personne()),
        relire=lambda: services.vu_de(Professionnel.objects.get(pk=pk)),
        retour=reverse(DETAIL, args=[pk]),
        succes=lambda _: f"La fiche de {formulaire.cleaned_data['nom']} est corrigée.",
        gabarit="formation/professionnel_saisie.html",
        personne=personne,
        parcours=fiche_de(personne, par=request.user).parcours,
        titre=f"Corriger la fiche de {personne}",
        libelle="Enregistrer la fiche",
    )


# --- ce qu'on garde d'elle -----------------------------------------------------------------------------------------


@require_safe
def donnees(request: Requete, pk: int) -> HttpResponse:
    """Tout ce que Treille garde d'elle et que le lecteur gère ; `?format=json` l'emporte."""
    personne = personne_vue(request, pk)
    garde = effacement.exporter(personne, par=request.user)
    if request.GET.get("format") == "json":
        return HttpResponse(
            json.dumps(garde, ensure_ascii=False, indent=2),
            content_type="application/json; charset=utf-8",
            # Sans nom dans le nom du fichier : il traîne dans un dossier, il part en pièce jointe.
            headers={"Content-Disposition": f'attachment; filename="professionnel-{personne.pk}.json"'},
        )
    tables = [
        (titre, [[(nom, valeur) for nom, valeur in ligne.items() if valeur] for ligne in lignes])
        for titre, lignes in garde.items()
        if titre != "personne"
    ]
    contexte = {"personne": personne, "identite": garde["personne"], "tables": tables}
    parcours = fiche_de(personne, par=request.user).parcours
    return render(request, "formation/professionnel_donnees.html", contexte | {"parcours": parcours})


@require_http_methods(["GET", "POST"])
def effacer(request: Requete, pk: int) -> HttpResponse:
    """Effacer ce qui nomme une personne, à sa demande ; on confirme."""
    personne = personne_vue(request, pk)
    exiger(peut_effacer_personne(request.user, personne))
    page = reverse(DETAIL, args=[pk])
    formulaire = ConfirmationForm(request.POST if request.method == "POST" else None)
    return saisir(
        request,
        formulaire,
        lambda: effacement.effacer(personne=personne, par=request.user),
        retour=page,
        succes=f"La personne est effacée : il n’en reste que le {personne.numero}.",
        gabarit="formation/professionnel_effacer.html",
        personne=personne,
        parcours=fiche_de(personne, par=request.user).parcours,
        titre=f"Effacer {personne}",
        chapeau=IL_RESTE,
        consequences=CONSEQUENCES,
        libelle="Effacer cette personne",
        annuler_url=page,
    )


@require_safe
def reflexe(request: Requete, pk: int) -> HttpResponse:
    """La fiche réflexe d'un renfort : une page A4 en PDF balisé, sans nom de personne."""
    parcours = parcours_vu(request, pk)
    exiger(peut_lire_formation(request.user, parcours))
    fiche = reflexe_de(parcours, par=request.user, au=timezone.localdate())
    return HttpResponse(
        fiche.en_pdf(),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{fiche.nom}"'},
    )
