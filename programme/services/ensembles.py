"""Des ESMS à cocher ensemble : un groupe, un organisme ; on y répond une fois."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from programme.models import Groupe, Parcours, Utilisateur
from programme.socle.droits import Droit
from programme.socle.nombres import liste


@dataclass(frozen=True, slots=True)
class Ensemble:
    """Un groupe ou un OG, et les parcours qui en sont ; `code` : « groupe-3 », « og-12 »."""

    code: str
    libelle: str
    parcours: frozenset[int]


def ensembles_de(parcours: Collection[Parcours]) -> list[Ensemble]:
    """Groupes puis OG d'au moins deux de ces parcours (`esms__og` déjà lus) ; une requête."""
    par_esms: dict[int, set[int]] = {}
    ogs: dict[int, tuple[str, set[int]]] = {}
    for p in parcours:
        par_esms.setdefault(p.esms_id, set()).add(p.pk)
        if p.esms.og:
            ogs.setdefault(p.esms.og.pk, (p.esms.og.nom, set()))[1].add(p.pk)
    groupes: dict[int, tuple[str, set[int]]] = {}
    lignes = Groupe.objects.filter(esms__in=par_esms).values_list("pk", "nom", "esms").order_by("nom", "pk")
    for cle, nom, esms in lignes:
        if esms in par_esms:
            groupes.setdefault(cle, (nom, set()))[1].update(par_esms[esms])
    rendu = [Ensemble(f"groupe-{c}", f"le groupe {n}", frozenset(ps)) for c, (n, ps) in groupes.items() if len(ps) > 1]
    for cle, (nom, cles) in ogs.items():
        if len(cles) > 1 and all(cles != e.parcours for e in rendu):
            rendu.append(Ensemble(f"og-{cle}", f"tout l'organisme {nom}", frozenset(cles)))
    return rendu


def repondu_pour(ensembles: Collection[Ensemble], cles: Collection[int]) -> str:
    """« le groupe Pôle Enfance et tout l'organisme… » : ceux que cette réponse couvre en entier."""
    return liste(e.libelle for e in ensembles if e.parcours <= set(cles))


def esms_par_grappe(
    par: Utilisateur, peut: Callable[[Utilisateur, Parcours], Droit]
) -> dict[str, list[tuple[int, str]]]:
    """Par grappe, la clé et le nom des ESMS du projet pour qui ce compte a ce droit, par ordre alphabétique."""
    groupes: dict[str, list[tuple[int, str]]] = {}
    for p in Parcours.objects.lisibles_par(par).dans_le_projet().pour_lecture().order_by("grappe__tri", "esms__tri"):
        if peut(par, p):
            nom = f"{p}, {p.esms.ville}" if p.esms.ville else str(p)
            groupes.setdefault(str(p.grappe), []).append((p.pk, nom))
    return groupes
