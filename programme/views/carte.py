"""La carte des ESMS du projet : la France en tuiles, et les mêmes chiffres en tableaux."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.views.decorators.http import require_safe

from programme.dessins import carte as dessin
from programme.filters.carte import CarteFilter
from programme.models import Parcours, Region
from programme.models.parcours import ParcoursQuerySet
from programme.services.carte import Compte, Mesure, Releve, mesures_de, relever
from programme.socle.exports import csv_en_flux
from programme.socle.nombres import accorde, pourcentage
from programme.views.parcours_liste import VUES
from programme.views.requete import Requete

TERRITOIRES = {"departement": "par département", "region": "par région"}


@dataclass(frozen=True, slots=True)
class TuilePosee:
    """Une tuile de la carte : où, quelle teinte, quel chiffre, et où elle mène (nulle part s'il n'y a personne)."""

    tuile: dessin.Tuile
    rang: int
    chiffre: str
    phrase: str
    url: str


class Page:
    """Ce que dit l'adresse (mesure, critères) et ce qu'on en lit : dessin et tableaux partent du même relevé."""

    def __init__(self, request: Requete) -> None:
        self.request = request
        self.mesures = mesures_de(request.user)
        demandee = request.GET.get("mesure", "")
        self.mesure: Mesure = self.mesures.get(demandee) or next(iter(self.mesures.values()))
        visibles = Parcours.objects.visibles_par(request.user)
        self.filtre = CarteFilter(request.GET, visibles, request=request)
        self.qs = self.filtre.qs if self.filtre.is_valid() else visibles.none()

    @cached_property
    def releve(self) -> Releve:
        """Les comptes, lus une fois."""
        return relever(self.qs, au=timezone.localdate(), avec_direction="direction" in self.mesures)

    @cached_property
    def pas(self) -> int:
        """Largeur d'un palier, quand la couleur montre un compte."""
        return dessin.pas_de_compte(max((c.nombre for c in self.releve.comptes.values()), default=0))

    def adresse(self, **avec: str) -> str:
        """La même page autrement : seuls restent les critères compris, et ce qui s'écarte du départ."""
        requete = QueryDict(mutable=True)
        for nom, valeur in (self.filtre.en_adresse() | {"mesure": self.mesure.code} | avec).items():
            if valeur and (nom, valeur) != ("mesure", next(iter(self.mesures))):
                requete[nom] = valeur
        return f"{self.request.path}?{requete.urlencode()}" if requete else self.request.path

    def vers_la_liste(self, territoire: str, code: str) -> str:
        """La liste des ESMS de ce territoire, critères gardés."""
        requete = QueryDict(mutable=True)
        requete.update(self.filtre.en_adresse() | {territoire: code})
        return f"{reverse('programme:parcours-liste')}?{requete.urlencode()}"

    # --- le dessin -------------------------------------------------------------------------------------------------

    def poser(self) -> Iterator[TuilePosee]:
        """Une tuile par département du référentiel que la carte sait placer."""
        for departement in self.releve.departements:
            if place := dessin.PLACES.get(departement.pk):
                compte = self.releve.comptes.get(departement.pk, Compte())
                yield self._poser(dessin.tuile(departement.pk, place), str(departement), compte)

    def _poser(self, tuile: dessin.Tuile, nom: str, compte: Compte) -> TuilePosee:
        if not compte.nombre:
            return TuilePosee(tuile, 0, "", f"{nom} : aucun ESMS", "")
        url = self.vers_la_liste("departement", tuile.code)
        taux = compte.part(self.mesure)
        if taux is None:
            return _compter(tuile, nom, compte.nombre, self.pas, url)
        ensemble = accorde(compte.nombre, "ESMS,ESMS")
        phrase = f"{nom} : {pourcentage(taux)}, soit {compte.de(self.mesure)} sur {ensemble}"
        return TuilePosee(tuile, dessin.rang_de_part(taux), dessin.chiffre_de_part(taux), phrase, url)

    def legende(self) -> tuple[dessin.Palier, ...]:
        """Les paliers de la mesure montrée."""
        if self.mesure.est_part:
            return dessin.PALIERS_DE_PART
        plus_grand = max((c.nombre for c in self.releve.comptes.values()), default=0)
        return dessin.paliers_de_compte(plus_grand)[1:]

    # --- les tableaux ----------------------------------------------------------------------------------------------

    def cellules(self, compte: Compte) -> list[dict[str, Any]]:
        """Un territoire, mesure par mesure : le nombre, et la part quand c'en est une."""
        return [
            {"mesure": m, "nombre": compte.de(m), "part": compte.part(m), "montree": m == self.mesure}
            for m in self.mesures.values()
        ]

    def lignes(self, territoire: str) -> list[dict[str, Any]]:
        """Le tableau d'un niveau : nom, adresse, cellules."""
        couples: Iterable[tuple[Any, Compte]] = (
            self.releve.par_region if territoire == "region" else self.releve.par_departement
        )
        return [
            {"objet": o, "url": self.vers_la_liste(territoire, o.pk), "cellules": self.cellules(compte)}
            for o, compte in couples
        ]

    def en_csv(self, territoire: str) -> StreamingHttpResponse:
        """Le tableau d'un niveau, pour un tableur."""
        entetes = ["Code", "Territoire"]
        for m in self.mesures.values():
            entetes += [m.colonne, f"{m.colonne} (%)"] if m.est_part else [m.colonne]
        lignes = ([o["objet"].pk, o["objet"].nom, *_valeurs(o["cellules"])] for o in self.lignes(territoire))
        nom = f"carte-{territoire}-{timezone.localdate():%Y-%m-%d}.csv"
        return StreamingHttpResponse(
            csv_en_flux(entetes, lignes),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{nom}"'},
        )

    def contexte(self) -> dict[str, Any]:
        """De quoi remplir la page."""
        regions = {d.pk: d.region_id for d in self.releve.departements}
        return {
            "page": self,
            "tuiles": list(self.poser()),
            "contours": dessin.contours(regions),
            "dessin": dessin,
            "loupe": dessin.tuile(dessin.ILE_DE_FRANCE, dessin.PLACE_DE_LA_LOUPE),
            "choix": [(m, self.adresse(mesure=m.code), m == self.mesure) for m in self.mesures.values()],
            "regions": self.lignes("region"),
            "departements": self.lignes("departement"),
            "total": self.cellules(self.releve.total),
            "inconnus": self.releve.sans_departement.nombre,
            "exports": [(mots, self.adresse(format="csv", par=cle)) for cle, mots in TERRITOIRES.items()],
            "puces": [(libelle, self.adresse(**{nom: ""})) for nom, _, libelle in self.filtre.puces()],
            "onglets": [(mots, reverse(route), route == "programme:region-carte") for mots, route in VUES],
        }


def _compter(tuile: dessin.Tuile, nom: str, nombre: int, pas: int, url: str) -> TuilePosee:
    """Une tuile qui écrit un nombre d'ESMS."""
    phrase = f"{nom} : {accorde(nombre, 'ESMS,ESMS')}"
    return TuilePosee(tuile, dessin.rang_de_compte(nombre, pas), str(nombre), phrase, url)


def carte_de_region(region: Region, parcours: ParcoursQuerySet) -> dict[str, Any] | None:
    """Les tuiles d'une région et leurs nombres d'ESMS, chacune menant au département ; None pour une seule case."""
    releve = relever(parcours, au=timezone.localdate(), avec_direction=False)
    ici = [d for d in releve.departements if d.region_id == region.pk and d.pk in dessin.PLACES]
    if len(ici) < 2:
        return None
    comptes = {d: releve.comptes.get(d.pk, Compte()).nombre for d in ici}
    pas, tuiles = dessin.pas_de_compte(max(comptes.values())), []
    for departement, nombre in comptes.items():
        tuile, url = dessin.tuile(departement.pk, dessin.PLACES[departement.pk]), f"?departement={departement.pk}"
        tuiles.append(
            _compter(tuile, str(departement), nombre, pas, url) if nombre else TuilePosee(tuile, 0, "", "", "")
        )
    return {"tuiles": tuiles, "fenetre": dessin.fenetre(dessin.PLACES[d.pk] for d in ici), "comptes": comptes.items()}


def _valeurs(cellules: Iterable[dict[str, Any]]) -> Iterator[Any]:
    for cellule in cellules:
        yield cellule["nombre"]
        if cellule["mesure"].est_part:
            yield None if cellule["part"] is None else round(cellule["part"] * 100, 1)


@require_safe
def carte(request: Requete) -> HttpResponseBase:
    """La carte, ses tableaux ; `?format=csv&par=region` (ou `departement`) : un tableau à emporter."""
    page = Page(request)
    if request.GET.get("format") == "csv":
        territoire = request.GET.get("par", "")
        return page.en_csv(territoire if territoire in TERRITOIRES else "departement")
    return render(request, "programme/carte.html", page.contexte())
