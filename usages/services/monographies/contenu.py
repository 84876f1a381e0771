"""Une monographie rassemblée : chaque section, ses faits, ses tableaux, ses figures, sa prose, ses photos.

La prose y est telle qu'on l'a tapée, `@verbatim` compris, et les photos par leur clé : `resolution` met ce qui peut
sortir, et rien d'autre.
"""

from collections.abc import Iterable, Mapping

from programme.socle.nombres import accorde, quelques
from usages.calculs.contenu_monographie import Contenu, Fait, Figure, Section, Tableau
from usages.calculs.propos_cites import references
from usages.calculs.prose import lire
from usages.calculs.rendus_prose import sigles
from usages.calculs.sigles_connus import SIGLES
from usages.enums import EFFETS_DES_SECTIONS, FAITS_DES_SECTIONS, SANS_PROSE, CodeFait, CodeSection
from usages.models import Monographie, Verbatim, Visite
from usages.services.monographies import figures, sources
from usages.services.monographies.faits import FaitLu, faits_de
from usages.services.monographies.figures import EffetsLus, lire_effets

__all__ = ["Contenu", "assembler"]
C = CodeSection


def assembler(monographie: Monographie) -> Contenu:
    """Toute la monographie, telle qu'elle est aujourd'hui. Requêtes constantes."""
    visite = monographie.visite
    effets, faits = lire_effets(visite), faits_de(monographie)
    textes = {s.code: s.texte for s in monographie.sections.all() if s.code not in SANS_PROSE}
    photos = list(visite.photos.all())
    matiere = _Matiere(monographie, visite, effets)
    accordees = [p for p in photos if p.section and p.peut_sortir]
    sections = [
        Section(
            code=code.value,
            titre=str(code.label),
            faits=(*_faits(code, faits), *matiere.faits(code)),
            tableaux=tuple(matiere.tableaux(code)),
            figures=tuple(matiere.figures(code)),
            texte=textes.get(code, ""),
            photos=tuple(p.pk for p in accordees if p.section == code),
        )
        for code in CodeSection
    ]
    connus = SIGLES | {s.sigle: s.sens for s in monographie.sigles.all()}
    dits, sans_sens = _sigles(sections, connus, visite)
    attendues = sum(bool(p.section) and not p.peut_sortir for p in photos)
    return Contenu(
        titre=monographie.titre,
        sous_titre=monographie.sous_titre,
        esms=str(visite.parcours.esms),
        etude=visite.etude.titre,
        reperes=tuple(_reperes(visite)),
        sections=tuple(sections),
        sigles=dits,
        a_voir=tuple(_a_voir(sections, dits, sans_sens, effets, attendues)),
    )


def _reperes(visite: Visite) -> Iterable[Fait]:
    esms = visite.parcours.esms
    yield "Établissement", esms.nom_long or esms.nom
    lieu = ", ".join(filter(None, [esms.ville, esms.departement.nom if esms.departement else ""]))
    if lieu:
        yield "Lieu", lieu
    yield "Étude", visite.etude.titre
    yield from sources.visites_en_mots(visite)


def _faits(code: CodeSection, faits: Mapping[CodeFait, FaitLu]) -> tuple[Fait, ...]:
    return tuple((str(f.label), faits[f].valeur) for f in FAITS_DES_SECTIONS.get(code, ()) if f in faits)


class _Matiere:
    """Ce que l'outil apporte à chaque section."""

    def __init__(self, monographie: Monographie, visite: Visite, effets: EffetsLus) -> None:
        self.monographie, self.visite, self.effets = monographie, visite, effets

    def faits(self, code: CodeSection) -> tuple[Fait, ...]:
        if code == C.VISITE:
            return tuple(sources.visites_en_mots(self.visite))
        if code == C.METHODE:
            etude = self.visite.etude
            dits = (("Question de l'étude", etude.question), ("Comment l'étude s'y prend", etude.methode))
            return (*(d for d in dits if d[1]), *sources.regles_de(self.effets))
        return ()

    def tableaux(self, code: CodeSection) -> Iterable[Tableau]:
        return filter(None, self._tableaux(code))

    def _tableaux(self, code: CodeSection) -> Iterable[Tableau | None]:
        if code == C.VISITE:
            yield sources.programme_de(self.visite)
            yield sources.rencontres_de(self.visite)
        elif code == C.HISTORIQUE:
            yield sources.dates_de_la_grappe(self.visite.parcours.grappe)
            yield sources.histoire_de(self.visite.parcours)
        elif code in EFFETS_DES_SECTIONS:
            yield figures.effets_du_theme(self.effets, EFFETS_DES_SECTIONS[code])
        elif code == C.RESUME:
            yield figures.leviers_et_freins(self.effets)
        elif code == C.DOCUMENTS:
            lus = tuple((d.titre,) for d in self.monographie.documents.all())
            yield Tableau("Documents que l'équipe a lus", ("Document",), lus) if lus else None
        elif code == C.METHODE and (entonnoir := sources.entonnoir_fige(self.visite.etude)):
            yield sources.tableau_de_l_entonnoir(entonnoir)

    def figures(self, code: CodeSection) -> Iterable[Figure]:
        if code == C.QUESTIONNAIRE:
            yield from sources.campagnes_de(self.visite)
        elif code == C.PILOTAGE and (releves := figures.avant_apres(self.visite.parcours)):
            yield releves
        elif code == C.RESUME and (effets := figures.effets_par_theme(self.effets)):
            yield effets


def _mots_de(section: Section) -> str:
    """Tout ce qu'une section dit hors de sa prose, en une suite de lignes : les sigles s'y cherchent aussi."""
    tableaux = [*section.tableaux, *(f.tableau for f in section.figures)]
    lignes = [f"{nom} : {valeur}" for nom, valeur in section.faits]
    lignes += [" ; ".join(ligne) for t in tableaux for ligne in (t.entetes, *t.lignes, (t.note,))]
    return "\n\n".join([section.titre, *lignes])


def _sigles(
    sections: Iterable[Section], connus: Mapping[str, str], visite: Visite
) -> tuple[tuple[Fait, ...], tuple[str, ...]]:
    """Les sigles qu'on emploie : ceux qui ont un sens, ceux qui l'attendent. Une requête, pour les verbatims cités."""
    lus = list(sections)
    cites = [cle for s in lus for cle in references(s.texte)]
    propos = Verbatim.objects.citables().filter(visite=visite, pk__in=cites).values_list("texte", flat=True)
    textes = [s.texte for s in lus] + list(propos)
    # Un mot tout en capitales dans un nom propre n'est pas un sigle à expliquer : la prose seule en apprend d'inconnus.
    ecrits = sigles(lire("\n\n".join(textes)), connus)
    ailleurs = sigles(lire("\n\n".join(map(_mots_de, lus))), connus)
    dits = {s.sigle: s.sens for s in (*ecrits, *ailleurs) if s.sens}
    return tuple(sorted(dits.items(), key=lambda p: p[0].casefold())), tuple(s.sigle for s in ecrits if not s.sens)


def _a_voir(
    sections: Iterable[Section], dits: tuple[Fait, ...], sans_sens: tuple[str, ...], effets: EffetsLus, photos: int
) -> Iterable[str]:
    """Ce qui manque encore, pour l'équipe : jamais imprimé dans une édition."""
    vides = [s.titre for s in sections if s.est_vide and (s.code != C.GLOSSAIRE or not dits)]
    if vides:
        ne_sort = accorde(len(vides), "section vide ne sortira,sections vides ne sortiront")
        yield f"{ne_sort} pas : {quelques(vides, 6)}."
    if sans_sens:
        yield f"Sigles sans sens, absents du glossaire : {', '.join(sans_sens)}."
    if effets.a_reprendre:
        yield f"{accorde(effets.a_reprendre, 'effet,effets')} à coder, ou à reprendre ensemble : ils ne comptent pas."
    if photos:
        yield f"{accorde(photos, 'photo attend son accord,photos attendent leur accord')} : elles ne sortent pas."
