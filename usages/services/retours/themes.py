"""Ce que disent les retours dans le temps : par thème, module, métier, ESMS ; et en combien de temps on répond.

Toujours depuis ce que le lecteur voit, agrégé en base. Un retour regroupé compte pour un, et suit celui qui le porte :
son thème et sa réponse sont les siens. Rien ne range les ESMS : ils viennent par ordre des noms.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Count, DateField, Q, Value, When

from programme.calculs.masquage import masquer
from programme.models import Metier, Module, Parcours
from programme.socle.texte import normaliser
from usages.calculs.delais_editeurs import Delais, delais_de
from usages.calculs.periodes import Periode
from usages.calculs.retours import Compte, Theme, attentes, par_theme
from usages.dessins import retours as dessins
from usages.dessins.multiples import Vignette
from usages.enums import CadenceReleve

MOIS_DES_METIERS = 12
"""Les métiers se lisent toujours sur un an : d'une période à l'autre, on retrancherait ce que le masque tait."""
REPONDUS = Count("pk", filter=Q(reponse_le__isnull=False))
SANS_MODULE, SANS_METIER = "Module pas dit", "Métier pas dit"


Comptes = dict[tuple[int | None, int | None], tuple[int, int]]
"""Par module et parcours : reçus, répondus."""


@dataclass(frozen=True)
class Lecture:
    """Ce que montre la page, sur ces mois. `depuis_un_an` : les métiers ne suivent pas la période choisie."""

    mois: Sequence[Periode]
    themes: list[Theme]
    vignettes: tuple[Vignette, ...]
    ensemble: Compte
    modules: list[dessins.Barre]
    metiers: list[dessins.Barre]
    esms: list[dessins.Barre]
    lecture: Delais
    reponse: Delais

    @property
    def metiers_dits(self) -> list[dessins.Barre]:
        """Les métiers ; aucun si tous se taisent : les nommer en dirait déjà trop."""
        return [] if all(b.tue for b in self.metiers) else self.metiers

    @property
    def rangees(self) -> list[tuple[Periode, list[int]]]:
        """Les nombres de la table : un mois par ligne, un thème par colonne."""
        return [(m, [t.par_mois[rang] for t in self.themes]) for rang, m in enumerate(self.mois)]


def lire(retours: Any, parcours: Any, mois: Sequence[Periode], au: date) -> Lecture:
    """Lit ces retours et ces ESMS (deux QuerySet déjà bornés à ce que voit le lecteur). Sept requêtes."""
    tous = retours.order_by().avec_ce_que_dit_le_groupe()
    recus = tous.filter(recu_le__range=(mois[0].debut, min(au, mois[-1].fin)))
    themes = par_theme(mois, recus.values_list(_mois(mois), "theme_dit").annotate(n=Count("pk")))
    reponse = delais_de(attentes(recus.attentes("reponse_le", au)))
    comptes = _comptes(recus)
    return Lecture(
        mois=mois,
        themes=themes,
        vignettes=dessins.vignettes(mois, themes),
        ensemble=Compte("", reponse.nombre, reponse.nb_repondues),
        modules=dessins.barres(_par_module(comptes)),
        metiers=_par_metier(tous, au),
        esms=dessins.barres(_par_esms(comptes, parcours)),
        lecture=delais_de(attentes(recus.avec_lu_le().attentes("lu_le", au))),
        reponse=reponse,
    )


def _mois(mois: Sequence[Periode]) -> Case:
    """Le premier jour du mois reçu, par bornes : la base compare des dates plutôt que d'en extraire le mois."""
    bornes = [When(recu_le__gte=m.debut, then=Value(m.debut)) for m in reversed(mois)]
    return Case(*bornes, output_field=DateField())


def _comptes(retours: Any) -> Comptes:
    """Reçus et répondus, par module et parcours. Une requête."""
    lus = retours.values_list("module", "parcours").annotate(n=Count("pk"), r=REPONDUS)
    return {(module, parcours): (n, r) for module, parcours, n, r in lus}


def _reunir(comptes: Comptes, cote: int) -> dict[int | None, tuple[int, int]]:
    """Les mêmes, sommés par module (0) ou par parcours (1)."""
    rendu: dict[int | None, tuple[int, int]] = {}
    for cles, (n, r) in comptes.items():
        recus, repondus = rendu.get(cles[cote], (0, 0))
        rendu[cles[cote]] = (recus + n, repondus + r)
    return rendu


def _par_module(comptes: Comptes) -> list[Compte]:
    """Le module dont on parle le plus d'abord. Une requête."""
    sommes = _reunir(comptes, 0)
    noms: dict[int | None, str] = {m.pk: m.nom for m in Module.objects.filter(pk__in=[c for c in sommes if c])}
    lus = [Compte(noms.get(cle, SANS_MODULE), *n, cle=cle) for cle, n in sommes.items()]
    return sorted(lus, key=lambda c: (c.cle is None, -c.recus, c.nom))


def _par_metier(retours: Any, au: date) -> list[dessins.Barre]:
    """Dans l'ordre des métiers ; moins de cinq retours d'un métier ne se disent pas. Deux requêtes."""
    un_an = Periode.contenant(au, CadenceReleve.MOIS).dernieres(MOIS_DES_METIERS)
    recus = retours.filter(recu_le__range=(un_an[0].debut, au))
    comptes = {cle: (n, r) for cle, n, r in recus.values_list("metier").annotate(n=Count("pk"), r=REPONDUS)}
    metiers: list[Metier] = list(Metier.objects.filter(pk__in=[c for c in comptes if c]))
    lus = [Compte(m.nom, *comptes[m.pk], cle=m.pk) for m in metiers]
    if None in comptes:
        lus.append(Compte(SANS_METIER, *comptes[None]))
    montres = masquer({c.nom: c.recus for c in lus})
    return dessins.barres(lus, frozenset(nom for nom, n in montres.items() if n is None))


def _par_esms(comptes: Comptes, parcours: Any) -> list[Compte]:
    """Par ordre des noms, ceux qui n'ont rien dit compris. Une requête."""
    sommes = _reunir(comptes, 1)
    lus: list[Parcours] = sorted(parcours.select_related("esms"), key=lambda p: (normaliser(p.esms.nom), p.pk))
    return [Compte(p.esms.nom, *sommes.get(p.pk, (0, 0)), cle=p.pk) for p in lus]
