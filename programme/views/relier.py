"""Déposer un fichier, relier ses colonnes et ses mots, aller à l'aperçu : les deux pages, les mêmes pour tout import.

Une app dit ses formulaires (`PagesARelier`) et d'où l'on dépose (`Lieu`) ; le reste est à son `ImportRelie`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from programme.forms.relier import LectureForm
from programme.models import Parcours
from programme.services.correspondances import Chez, enregistrer
from programme.socle.depots import envoi_trop_gros
from programme.socle.finess.refus import FichierRefuse
from programme.socle.grilles import Lecture, proposer_lecture
from programme.socle.imports import deposer, refaire
from programme.socle.imports_relies import ImportRelie, a_qui, import_relie
from programme.socle.models import Correspondance, Travail
from programme.socle.travaux import lancer
from programme.views.refus import tenter
from programme.views.requete import Requete


@dataclass(frozen=True)
class Lieu:
    """D'où l'on dépose. `fil` : (libellé, adresse) de ce qui est au-dessus. `objet` : le nom du travail.

    `parametres` : ce que l'import doit savoir. `portee` : ce que le compte gère là ; `esms`, ceux que la page nomme,
    FINESS → parcours. `depuis` : l'ESMS d'où l'on vient. `emporter` : correspondance → adresse de sa feuille.
    """

    chez: Chez
    objet: str
    sujet: str
    chapeau: str
    fil: Sequence[tuple[str, str]]
    url_deposer: str
    retour: str
    parametres: Mapping[str, Any]
    portee: Any = None
    depuis: Parcours | None = None
    esms: Mapping[str, Parcours] = field(default_factory=dict)
    emporter: Callable[[Correspondance], str] | None = None


@dataclass(frozen=True)
class PagesARelier:
    """Les pages d'un genre. `lu` : le gabarit de « Ce qui se lit ». `mot` : comment l'on appelle le fichier."""

    code: str
    depot: type[Any]
    liaison: type[Any]
    titre: str
    lu: str
    titre_relier: str = "Ce que dit votre fichier"
    mot: str = "fichier"
    exemples_de_mots: str = ""
    note_esms: str = "Ceux que vous gérez ici ; les lignes des autres restent dehors."
    retenue: str = "La correspondance « {nom} » est enregistrée pour {pour_qui}."

    @property
    def import_(self) -> ImportRelie:
        """Ce que l'import attend, compare et écrit."""
        return import_relie(self.code)

    # --- déposer -----------------------------------------------------------------------------------------------------

    def deposer(self, request: Requete, lieu: Lieu) -> HttpResponse:
        """Avec une correspondance connue, l'aperçu suit ; sinon, Treille devine et l'on relit."""
        envoi = (request.POST, request.FILES) if request.method == "POST" else ()
        formulaire = self.depot(
            *envoi,
            chez=lieu.chez,
            portee=lieu.portee,
            depuis=lieu.depuis,
            trop_gros=envoi_trop_gros(request),
            initial={cle: request.GET[cle] for cle in ("correspondance",) if cle in request.GET},
        )
        if formulaire.is_valid() and (travail := self._recevoir(request, formulaire, lieu)):
            if travail.genre == self.import_.depot:
                return redirect(self.import_.adresse_pour_relier(travail))
            return redirect("programme:travail-detail", pk=travail.pk)
        contexte = {"page": self, "lieu": lieu, "form": formulaire, "connues": self._connues(formulaire, lieu)}
        return render(request, "programme/fichier_deposer.html", contexte, status=422 if formulaire.errors else 200)

    def _connues(self, formulaire: Any, lieu: Lieu) -> list[dict[str, Any]]:
        return [
            {
                "correspondance": c,
                "url": self.import_.adresse({**lieu.parametres, "correspondance": c.pk}),
                "emporter": lieu.emporter(c) if lieu.emporter else "",
            }
            for c in formulaire.connues
        ]

    def _recevoir(self, request: Requete, formulaire: Any, lieu: Lieu) -> Travail | None:
        commun = {
            "fichier": formulaire.cleaned_data["fichier"],
            "par": request.user,
            "objet": formulaire.preciser(lieu.objet)[:180],
        }
        parametres = {**lieu.parametres, **formulaire.parametres()}
        if choisie := formulaire.choisie():
            return deposer(self.code, parametres=parametres | {"correspondance": choisie.pk}, **commun)
        try:
            neuve = formulaire.neuve(request.user)
        except FichierRefuse as refus:
            formulaire.add_error("fichier", refus.message)
            return None
        parametres["correspondance"] = neuve.pk
        return lancer(self.import_.depot, parametres=parametres, sur_place=True, **commun)

    # --- relier ------------------------------------------------------------------------------------------------------

    def trouver_depot(self, request: Requete, relue: Correspondance, **vise: Any) -> Travail | None:
        """Le travail nommé dans l'adresse, sinon le dernier dépôt du lecteur avec cette correspondance.

        `vise` : ce que le travail doit viser de plus que l'organisme ou la grappe de la correspondance.
        """
        vises = {f"parametres__{nom}": valeur for nom, valeur in (a_qui(relue) | vise).items()}
        siens = Travail.objects.filter(genre__in=[self.code, self.import_.depot], par=request.user, **vises)
        voulu = request.GET.get("travail", "") or request.POST.get("travail", "")
        if voulu.isdecimal() and len(voulu) < 19:
            candidats = [get_object_or_404(siens, pk=int(voulu))]
        else:
            candidats = list(siens.filter(parametres__correspondance=relue.pk).exclude(fichier="")[:5])
        return next((t for t in candidats if fichier_present(t)), None)

    def relier(self, request: Requete, lieu: Lieu, relue: Correspondance, depot: Travail | None) -> HttpResponse:
        """Dire ce que vaut chaque colonne et chaque mot du fichier ; l'enregistrer mène à l'aperçu."""
        contexte: dict[str, Any] = {"page": self, "lieu": lieu, "correspondance": relue, "depot": depot}
        contexte["fil"] = [*lieu.fil, (self.titre, lieu.url_deposer)]
        formulaire = None
        try:
            if depot:
                formulaire, lus = self.ouvrir(request, lieu, relue, depot)
                contexte |= lus | {"form": formulaire, "resume": formulaire.resume(depot, lieu.chez)}
        except FichierRefuse as refus:
            contexte["refus"] = refus.message
        if formulaire and depot and formulaire.is_valid() and (gardee := self._retenir(request, formulaire)):
            return self._voir_l_apercu(request, lieu, depot, formulaire, gardee)
        fautif = formulaire.errors if formulaire else request.method == "POST"
        return render(request, "programme/fichier_relier.html", contexte, status=422 if fautif else 200)

    def ouvrir(self, request: Requete, lieu: Lieu, relue: Correspondance, depot: Travail) -> tuple[Any, dict[str, Any]]:
        """Le formulaire devant le fichier, là où l'adresse dit de lire ; à défaut, là où le dit la correspondance."""
        import_, retenue = self.import_, Lecture.depuis_json(relue.options["lecture"])
        donnees = request.POST if "feuille" in request.POST else request.GET
        dit = donnees.get("separateur", retenue.separateur)
        with depot.fichier.open("rb") as fichier:
            classeur = import_.ouvrir(fichier, dit if len(dit) == 1 else "")
        voulu = LectureForm(donnees or None, classeur=classeur, lecture=proposer_lecture(classeur))
        lecture = voulu.lecture() if voulu.is_bound and voulu.is_valid() else retenue
        try:
            grille = classeur.lire(lecture, discret=import_.reserve)
        except FichierRefuse as refus:
            messages.error(request, refus.message)
            lecture = proposer_lecture(classeur)
            grille = classeur.lire(lecture, discret=import_.reserve)
        lecture = import_.fixer(lecture, classeur)
        communs = {"correspondance": relue, "grille": grille, "lecture": lecture, "portee": lieu.portee}
        formulaire = self.liaison(request.POST or None, **communs)
        return formulaire, {"grille": grille, "lecture": LectureForm(classeur=classeur, lecture=lecture)}

    def retenir(self, request: Requete, formulaire: Any) -> Correspondance:
        """Enregistre ce qui a été relu. Lève `Refus`."""
        return enregistrer(
            correspondance=formulaire.correspondance,
            nom=formulaire.cleaned_data["nom"],
            code=formulaire.cleaned_data["code"],
            reglages=formulaire.reglages(),
            par=request.user,
        )

    def _retenir(self, request: Requete, formulaire: forms.Form) -> Correspondance | None:
        return tenter(formulaire, lambda: self.retenir(request, formulaire))

    def _voir_l_apercu(
        self, request: Requete, lieu: Lieu, depot: Travail, formulaire: Any, gardee: Correspondance
    ) -> HttpResponse:
        gardes = {cle: valeur for cle, valeur in depot.parametres.items() if cle != "ecrire"}
        parametres = gardes | {"correspondance": gardee.pk} | formulaire.parametres()
        travail = refaire(depot, par=request.user, code=self.code, parametres=parametres)
        messages.success(request, self.retenue.format(nom=gardee.nom, pour_qui=lieu.chez.pour_qui))
        return redirect("programme:travail-detail", pk=travail.pk)


def fichier_present(travail: Travail) -> bool:
    """Vrai tant que le fichier déposé est sur le disque."""
    return bool(travail.fichier) and travail.fichier.storage.exists(str(travail.fichier.name))
