"""La liste « ESMS du projet »."""

from dataclasses import replace
from functools import cached_property
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from programme.calculs.situation import SituationParcours
from programme.enums import EtatParcours, Role
from programme.filters.parcours import ParcoursFilter
from programme.models import Parcours
from programme.models.parcours import SUITES
from programme.permissions import peut_creer_grappe
from programme.services.gestes_lot import GESTES
from programme.services.reserves import reserves_de
from programme.socle.decompte import Decompte, decompter_par_cles
from programme.socle.listes import VueListe
from programme.socle.nombres import accorde
from programme.socle.valeurs import LigneLue
from programme.tables.parcours import ParcoursTable

EMPORTER = "emporter"
VUES: tuple[tuple[str, str], ...] = (
    ("Un par un", "programme:parcours-liste"),
    ("Par région", "programme:region-liste"),
    ("Carte", "programme:region-carte"),
)


class ParcoursLu(SituationParcours, LigneLue):
    """Un parcours lu en valeurs : de quoi savoir quel passage l'attend."""

    champs = ("etat", "etat_memoire", "etat_avant_sortie", "est_pilote", "type_projet", "esms__nom")
    calculees = frozenset({"reste"})
    affichable = True
    __slots__ = (*champs, *calculees)
    esms__nom: str

    def __str__(self) -> str:
        return self.esms__nom


class ParcoursListe(VueListe):
    """Tous les ESMS du projet que voit le lecteur, une ligne par parcours."""

    modele = Parcours
    table = ParcoursTable
    filtre = ParcoursFilter
    titre = "ESMS du projet"
    chapeau = "Où en est chaque ESMS, ce qui reste à réunir, la prochaine date."
    unite = "ESMS,ESMS"
    recherche = "Nom, ville ou FINESS"
    nom_fichier = "esms-du-projet"
    redites = {"grappe": ("grappe",)}
    vues = VUES
    sorte = ParcoursLu
    a_part = Q(etat=EtatParcours.SORTI)

    def requete(self) -> QuerySet:
        """Les parcours visibles, avec leurs dates et ce que citent les colonnes de départ."""
        cites = ("esms__categorie", "esms__og", "grappe", "vague")
        return Parcours.objects.visibles_par(self.request.user).select_related(*cites).avec_rang().avec_dates()

    def objets(self) -> QuerySet:
        """La solution en plus, quand on la montre : chaque jointure compte, sur la page la plus lue."""
        return self.visibles.select_related("solution") if "solution" in self.colonnes else self.visibles

    @cached_property
    def lit_preparation(self) -> bool:
        """Faux pour qui n'est que financeur : rien de ce qui se prépare ne lui est proposé."""
        lecteur: Any = self.request.user
        return not lecteur.perimetre.affectes or bool(lecteur.perimetre.sauf(Role.ARS).affectes)

    def colonnes_offertes(self) -> list[str]:
        """« Reste à réunir » n'est pas offert au financeur."""
        noms = super().colonnes_offertes()
        return noms if self.lit_preparation else [nom for nom in noms if nom != "reste"]

    def presenter(self) -> str:
        """Sans « ce qui reste à réunir » pour qui ne le lit pas."""
        return super().presenter() if self.lit_preparation else "Où en est chaque ESMS, la prochaine date."

    def enrichir(self, objets: list[Any], colonnes: list[str]) -> None:
        """Ce qui reste à réunir pour le prochain passage de chacun ; rien à dire quand aucun passage n'attend."""
        if "reste" not in colonnes:
            return
        lisibles = self._lisibles(objets)
        # Toutes les transitions, attendues ou non : le nombre de requêtes ne suit pas ce que porte la page.
        attendus: dict[str, list[int]] = {transition: [] for transition in SUITES}
        for parcours in lisibles:
            if parcours.prochaine:
                attendus[parcours.prochaine].append(parcours.pk)
        decomptes = decompter_par_cles(Parcours, attendus)
        reserves = reserves_de(lisibles)
        for parcours in objets:
            cle = parcours.pk
            parcours.reste = decomptes.get(cle)
            if cle in reserves:
                parcours.reste = replace(parcours.reste or Decompte(), reserves=len(reserves[cle]))

    def _lisibles(self, objets: list[Any]) -> list[Any]:
        """Ceux dont le lecteur lit aussi la préparation : tous, sauf ce qu'il ne voit qu'en financeur."""
        lecteur: Any = self.request.user
        if not lecteur.perimetre.tient(Role.ARS):
            return objets
        lisibles = Parcours.objects.lisibles_par(lecteur).filter(pk__in=[p.pk for p in objets])
        cles = set(lisibles.order_by().values_list("pk", flat=True))
        return [p for p in objets if p.pk in cles]

    def detailler(self) -> str:
        """Les sortis restent dans la liste, mais les autres pages ne les comptent plus : le dire."""
        sortis = self.pages.nb_a_part
        return f"dont {accorde(sortis, 'sorti')} du projet" if sortis else ""

    def actions(self) -> list[dict[str, str]]:
        """Ce que le lecteur peut faire quelque part ; emporter est à tous."""
        lecteur: Any = self.request.user
        gestes = [{"valeur": g.code, "libelle": g.libelle} for g in GESTES.values() if g.peut(lecteur)]
        return [*gestes, {"valeur": EMPORTER, "libelle": "Emporter la sélection"}]

    def url_actions(self) -> str:
        """La page des gestes groupés."""
        return reverse("programme:parcours-lot")

    def vide(self) -> dict[str, str]:
        """Personne encore dans le projet : par où commencer."""
        lecteur: Any = self.request.user
        if peut_creer_grappe(lecteur):
            texte = "Montez une grappe, puis ajoutez-y ses ESMS par leur numéro FINESS ou par une recherche."
            geste = {"url": reverse("programme:grappe-liste"), "libelle": "Voir les grappes"}
        else:
            texte = "Aucun ESMS de votre périmètre n’est encore dans une grappe. Le chef de projet les y ajoute."
            geste = {"url": reverse("programme:esms-liste"), "libelle": "Chercher dans l’annuaire"}
        return {"titre": "Aucun ESMS dans le projet", "texte": texte, "icone": "inbox"} | geste
