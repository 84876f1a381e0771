"""Rendre un contenu : chaque `@verbatim` devient une citation s'il peut sortir, chaque photo vient si on l'a accordée.

Tout se décide ici, à chaque lecture, du brouillon comme d'une édition publiée : un accord retiré hier n'est plus dans
rien aujourd'hui. Ce qui redit mot pour mot un verbatim interdit ne sort pas non plus, où qu'on l'ait recopié.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.contrib.contenttypes.models import ContentType

from programme.socle.models import Piece
from programme.socle.nombres import accorde
from usages.calculs.contenu_monographie import Contenu, Fait, Figure, Section, Tableau
from usages.calculs.propos_cites import Interdits, Propos, est_redit, references, resoudre, sans_redits
from usages.calculs.prose import Bloc, lire, textes_nus
from usages.enums import CodeSection, DroitPhoto
from usages.models import PhotoDeVisite, Verbatim, Visite

_MOT = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class PhotoRendue:
    """Une photo accordée, et son image."""

    cle: int
    legende: str
    description: str
    credit: str
    piece: Piece

    @property
    def sous_titre(self) -> str:
        """Sa légende, et son crédit s'il est dit."""
        return f"{self.legende} ({self.credit})" if self.credit else self.legende


@dataclass(frozen=True, slots=True)
class SectionRendue:
    """Une section telle qu'on la montre. `nb_retires` : les blocs qui redisaient un verbatim interdit."""

    code: str
    titre: str
    faits: tuple[Fait, ...]
    tableaux: tuple[Tableau, ...]
    figures: tuple[Figure, ...]
    blocs: tuple[Bloc, ...]
    photos: tuple[PhotoRendue, ...]
    glossaire: tuple[Fait, ...] = ()
    nb_retires: int = 0

    @property
    def est_vide(self) -> bool:
        """Vrai si elle n'a rien à montrer."""
        return not (self.faits or self.tableaux or self.figures or self.blocs or self.photos or self.glossaire)


@dataclass(frozen=True, slots=True)
class Rendu:
    """Toute la monographie, sans rien qui ne puisse sortir. `a_voir` : ce qui manque, pour qui écrit."""

    titre: str
    sous_titre: str
    esms: str
    etude: str
    reperes: tuple[Fait, ...]
    sections: tuple[SectionRendue, ...]
    a_voir: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sortie:
    """Ce qui peut sortir : les propos citables, de quoi reconnaître les autres, les photos accordées."""

    propos: Mapping[int, Propos]
    interdits: Interdits
    photos: Mapping[int, PhotoRendue]


def rendre(contenu: Contenu, visite: Visite) -> Rendu:
    """Ce contenu, résolu aujourd'hui. Quatre requêtes."""
    return resolu(contenu, _ce_qui_sort(contenu, visite))


def resolu(contenu: Contenu, sortie: Sortie) -> Rendu:
    """Le contenu, ce qui peut sortir mis à sa place, le reste retiré. Sans base."""
    interdits = sortie.interdits
    lues = [_section(section, sortie) for section in contenu.sections]
    glossaire = _faits(_glossaire(contenu, lues), interdits)
    sections = tuple(replace(s, glossaire=glossaire) if s.code == CodeSection.GLOSSAIRE else s for s in lues)
    return Rendu(
        titre=_propre(contenu.titre, interdits),
        sous_titre=_propre(contenu.sous_titre, interdits),
        esms=contenu.esms,
        etude=_propre(contenu.etude, interdits),
        reperes=_faits(contenu.reperes, interdits),
        sections=tuple(s for s in sections if not s.est_vide),
        a_voir=(*contenu.a_voir, *_retires(contenu, lues, sortie)),
    )


def _ce_qui_sort(contenu: Contenu, visite: Visite) -> Sortie:
    siens = Verbatim.objects.autour_de(visite.pk)
    citables = set(siens.citables().order_by().values_list("pk", flat=True))
    propos, tus = {}, []
    for cle, de_la_visite, texte, qui in siens.order_by("pk").values_list("pk", "visite", "texte", "qui"):
        if cle not in citables:
            tus.append(texte)
        elif de_la_visite == visite.pk:
            propos[cle] = (texte, qui)
    return Sortie(propos, Interdits.lire(tus), _photos(contenu, visite))


def _photos(contenu: Contenu, visite: Visite) -> dict[int, PhotoRendue]:
    cles = {cle for section in contenu.sections for cle in section.photos}
    if not cles:
        return {}
    accordees = PhotoDeVisite.objects.filter(pk__in=cles, visite=visite, droit=DroitPhoto.ACCORDE)
    pieces = Piece.objects.filter(
        objet_type=ContentType.objects.get_for_model(PhotoDeVisite), objet_id__in=cles, type__startswith="image/"
    )
    images = {piece.objet_id: piece for piece in pieces}
    return {
        p.pk: PhotoRendue(p.pk, p.legende, p.description, p.credit, images[p.pk]) for p in accordees if p.pk in images
    }


def _section(section: Section, sortie: Sortie) -> SectionRendue:
    interdits = sortie.interdits
    photos = (sortie.photos[cle] for cle in section.photos if cle in sortie.photos)
    ecrits = lire(resoudre(section.texte, sortie.propos))
    blocs = sans_redits(ecrits, interdits)
    return SectionRendue(
        code=section.code,
        titre=section.titre,
        faits=_faits(section.faits, interdits),
        tableaux=tuple(t for t in (_tableau(t, interdits) for t in section.tableaux) if t.lignes),
        figures=tuple(_figure(f, interdits) for f in section.figures if not _figure_redit(f, interdits)),
        blocs=blocs,
        photos=tuple(
            p for p in photos if not any(est_redit(t, interdits) for t in (p.legende, p.description, p.credit))
        ),
        nb_retires=len(ecrits) - len(blocs),
    )


def _propre(texte: str, interdits: Interdits) -> str:
    return "" if est_redit(texte, interdits) else texte


def _faits(faits: Iterable[Fait], interdits: Interdits) -> tuple[Fait, ...]:
    return tuple((nom, valeur) for nom, valeur in faits if not est_redit(valeur, interdits))


def _tableau(tableau: Tableau, interdits: Interdits) -> Tableau:
    """Sans les lignes dont une case redit un verbatim interdit ; sans son titre ou sa note, si ce sont eux."""
    if not interdits:
        return tableau
    gardees = tuple(ligne for ligne in tableau.lignes if not est_redit("\n".join(ligne), interdits))
    return replace(
        tableau, titre=_propre(tableau.titre, interdits), note=_propre(tableau.note, interdits), lignes=gardees
    )


def _figure(figure: Figure, interdits: Interdits) -> Figure:
    return replace(figure, tableau=_tableau(figure.tableau, interdits))


def _figure_redit(figure: Figure, interdits: Interdits) -> bool:
    """Vrai si son titre ou sa phrase redit un verbatim interdit : le dessin le dirait aussi, elle ne sort pas."""
    dits = (figure.titre, figure.phrase, *(barre.nom for barre in figure.barres))
    return any(est_redit(dit, interdits) for dit in dits)


def _glossaire(contenu: Contenu, sections: Iterable[SectionRendue]) -> tuple[Fait, ...]:
    """Les sigles qu'on lit encore, une fois retiré ce qui ne sort pas."""
    dits = [contenu.titre, contenu.sous_titre, *(v for _, v in contenu.reperes)]
    for s in sections:
        dits += [s.titre, *textes_nus(s.blocs), *(mot for fait in s.faits for mot in fait)]
        tableaux = [*s.tableaux, *(f.tableau for f in s.figures)]
        dits += [mot for t in tableaux for ligne in (t.entetes, *t.lignes, (t.titre, t.note)) for mot in ligne]
        dits += [p.sous_titre for p in s.photos]
    mots = set(_MOT.findall("\n".join(dits)))
    return tuple((sigle, sens) for sigle, sens in contenu.sigles if mots.issuperset(_MOT.findall(sigle)))


def _retires(contenu: Contenu, lues: Iterable[SectionRendue], sortie: Sortie) -> Iterable[str]:
    """Ce qu'on a retiré, section par section, pour qui écrit : des nombres et des clés, jamais les mots."""
    for section, rendue in zip(contenu.sections, lues, strict=True):
        tus = [str(cle) for cle in references(section.texte) if cle not in sortie.propos]
        if tus:
            yield f"« {section.titre} » : ne sort pas, faute d'accord, le verbatim {', '.join(tus)}."
        if rendue.nb_retires:
            redit = accorde(rendue.nb_retires, "passage redit,passages redisent")
            yield f"« {section.titre} » : {redit} un verbatim qui ne peut pas sortir ; rien n'en est montré."
