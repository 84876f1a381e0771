"""Les unités d'un ESMS absorbé rejoignent celui qui continue : sous quel nom. Module pur."""

from collections.abc import Iterable, Mapping

LONGUEUR = 80


def noms_distincts(
    arrivantes: Mapping[int, str], presentes: Iterable[str], *, absorbe: str, par_defaut: str
) -> dict[int, str]:
    """Le nom de chaque unité à son arrivée, par clé : le sien, sauf s'il en désigne déjà une autre (casse ignorée).

    L'unité `par_defaut` (« ESMS entier ») prend le nom de l'absorbé ; un nom déjà pris est suivi de ce nom, puis d'un
    numéro. Jamais plus de 80 signes.
    """
    pris = {nom.casefold() for nom in presentes}
    rendu: dict[int, str] = {}
    for cle, nom in arrivantes.items():
        base = absorbe if nom == par_defaut else nom
        choisi = _borner(base) if base.casefold() not in pris else _borner(base, f" ({absorbe})")
        rang = 2
        while choisi.casefold() in pris:
            choisi = _borner(base, f" {rang}")
            rang += 1
        pris.add(choisi.casefold())
        rendu[cle] = choisi
    return rendu


def _borner(nom: str, suffixe: str = "") -> str:
    if len(nom) + len(suffixe) <= LONGUEUR:
        return nom + suffixe
    if len(suffixe) > LONGUEUR // 2:
        suffixe = f"{suffixe[: LONGUEUR // 2 - 2].rstrip()}…)"
    return f"{nom[: LONGUEUR - len(suffixe) - 1].rstrip()}…{suffixe}"
