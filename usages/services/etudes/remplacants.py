"""Un ESMS retenu qui ferme, sort du projet ou refuse la visite : le dire, et rejouer la sélection sans lui."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from programme.models import Parcours
from usages.calculs.entonnoir import Resultat, Selection
from usages.calculs.unites_entonnoir import Unite
from usages.enums import EtatVisite, GenreEtape
from usages.models import EtapeEtude, Etude, Visite
from usages.services.etudes.entonnoir import Deroule, finess_de, lire_etape, parcours_des

FERME = "a fermé depuis la sélection"
SORTI = "est sorti du projet depuis la sélection"
REFUSE = "la direction a refusé la visite"


@dataclass(frozen=True, slots=True)
class Empeche:
    """Une unité retenue qu'on ne peut plus visiter. `suivant` : qui prend sa place ; None si personne ne le peut."""

    unite: Unite
    pourquoi: str
    parcours: Parcours | None
    suivant: Unite | None = None
    suivant_parcours: Parcours | None = None
    remarques: tuple[str, ...] = ()


def empeches_de(etude: Etude, deroule: Deroule) -> list[Empeche]:
    """Les unités finales qu'on ne peut plus visiter, chacune avec son remplaçant. Trois requêtes au plus."""
    finales = deroule.entonnoir.sorties
    if deroule.faute or not deroule.etapes or not finales:
        return []
    par_finess = {p.esms.finess: p for p in parcours_des(finales)}
    raisons = _raisons(etude, finales, par_finess)
    if not raisons:
        return []
    proposes = _rejouer(deroule, raisons)
    arrives = {p.esms.finess: p for p in parcours_des([u for u, _ in proposes.values() if u])}
    rendu = []
    for unite in finales:
        if unite.ref in raisons:
            suivant, remarques = proposes.get(unite.ref, (None, ()))
            rendu.append(
                Empeche(
                    unite,
                    raisons[unite.ref],
                    par_finess.get(finess_de(unite)),
                    suivant,
                    arrives.get(finess_de(suivant)) if suivant else None,
                    remarques,
                )
            )
    return rendu


def _raisons(etude: Etude, unites: Sequence[Unite], par_finess: dict[str, Parcours]) -> dict[str, str]:
    """`ref` → ce qui empêche. Un ESMS fermé passe avant un refus : la direction n'a plus à répondre."""
    visites = Visite.objects.filter(etude=etude).order_by("pk").values_list("parcours", "etat")
    dernieres = dict(visites)
    rendu = {}
    for unite in unites:
        parcours = par_finess.get(finess_de(unite))
        if parcours is None:
            continue
        if not parcours.esms.est_actif:
            rendu[unite.ref] = FERME
        elif parcours.etat == "sorti":
            rendu[unite.ref] = SORTI
        elif dernieres.get(parcours.pk) == EtatVisite.REFUSEE:
            rendu[unite.ref] = REFUSE
    return rendu


def _rejouer(deroule: Deroule, raisons: dict[str, str]) -> dict[str, tuple[Unite | None, tuple[str, ...]]]:
    """La dernière sélection, rejouée sans eux : qui entre à la place de chacun, dans l'ordre du classement.

    À six pour cinq places, la réserve est courte : s'il n'entre personne, la sélection d'avant en donne une autre.
    """
    for etape in _selections(deroule):
        resultat = deroule.resultat(etape.code)
        if resultat is None:
            continue
        entres, remarques = _sans(resultat, etape, deroule, set(raisons))
        if entres:
            suite = iter(entres)
            return {ref: (next(suite, None), remarques) for ref in raisons}
    return {}


def _selections(deroule: Deroule) -> list[EtapeEtude]:
    """De la dernière à la première."""
    return [e for e in reversed(deroule.etapes) if e.genre == GenreEtape.SELECTION]


def _sans(
    resultat: Resultat, etape: EtapeEtude, deroule: Deroule, absents: set[str]
) -> tuple[list[Unite], tuple[str, ...]]:
    """Qui entre de plus quand ces unités, ou ce dont elles sont issues, n'y sont plus."""
    selection = lire_etape(etape)
    if not isinstance(selection, Selection):
        return [], ()
    otes = absents | _origines(deroule, absents)
    gardes = {ref: motif for ref, motif in selection.partage.motifs.items() if ref not in otes}
    sans = replace(selection, partage=replace(selection.partage, gardes=gardes or None))
    try:
        neuf = sans.appliquer([u for u in resultat.entrees if u.ref not in otes], deroule.entonnoir.resultats)
    except ValueError:
        return [], ()
    retenus = {u.ref for u in resultat.sorties}
    return [u for u in neuf.sorties if u.ref not in retenus], tuple(
        r for r in neuf.remarques if r not in resultat.remarques
    )


def _origines(deroule: Deroule, refs: set[str]) -> set[str]:
    """Les unités dont celles-ci viennent : une structure, pour un projet."""
    toutes = {d.unite.ref: d.unite for r in deroule.entonnoir.resultats for d in r.decisions}
    rendu: set[str] = set()
    a_voir = list(refs)
    while a_voir:
        unite = toutes.get(a_voir.pop())
        for ref in unite.issue_de if unite else ():
            if ref not in rendu and ref.startswith("structure:"):
                rendu.add(ref)
                a_voir.append(ref)
    return rendu
