"""L'atelier d'une monographie : où en est chaque section, et le geste suivant de qui la lit."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q
from django.urls import reverse

from programme.models import Utilisateur
from programme.socle.nombres import accorde
from usages.enums import EFFETS_DES_SECTIONS, FAITS_DES_SECTIONS, SANS_PROSE, CodeSection, EtatMonographie
from usages.models import Monographie, SectionMonographie
from usages.permissions import (
    peut_commenter,
    peut_ecrire_une_section,
    peut_publier,
    peut_valider_la_monographie,
)
from usages.services.monographies.faits import faits_de

E = EtatMonographie
ECRIRE, RELIRE = "usages:section-ecrire", "usages:section-relire"


@dataclass(frozen=True, slots=True)
class SectionLue:
    """Une section, dans l'ordre du document."""

    section: SectionMonographie
    mots: int
    ouvertes: int
    reglees: int
    rempli: str
    modifiee_le: datetime

    @property
    def se_lit(self) -> bool:
        """Vrai s'il y a de quoi lire : du texte, ou ce que l'outil y met."""
        return bool(self.mots or self.rempli)

    @property
    def est_vide(self) -> bool:
        """Vrai s'il reste à l'écrire."""
        return self.section.a_de_la_prose and not self.mots


@dataclass(frozen=True, slots=True)
class Suite:
    """Le geste suivant, pour qui lit : une phrase, et où aller."""

    phrase: str
    url: str = ""
    libelle: str = ""


def sections_de(monographie: Monographie) -> list[SectionLue]:
    """Toutes, avec leur état. Nombre constant de requêtes."""
    ouverte = Count("commentaires", filter=Q(commentaires__resolu_le__isnull=True))
    sections = monographie.sections.annotate(nb=Count("commentaires"), nb_ouvertes=ouverte)
    par_code = {s.code: s for s in sections}
    remplies = _rempli(monographie)
    ordonnees = [par_code[code] for code in CodeSection if code in par_code]
    return [
        SectionLue(
            s, len(s.texte.split()), s.nb_ouvertes, s.nb - s.nb_ouvertes, remplies.get(s.code, ""), s.modifiee_le
        )
        for s in ordonnees
    ]


def _rempli(monographie: Monographie) -> dict[str, str]:
    """Ce que l'outil met dans chaque section, en mots."""
    faits, visite = faits_de(monographie), monographie.visite
    rendu: dict[str, str] = {}
    for code, attendus in FAITS_DES_SECTIONS.items():
        connus = sum(1 for fait in attendus if fait in faits)
        rendu[code] = f"{accorde(connus, 'fait connu,faits connus')} sur {len(attendus)}" if connus else ""
    rencontrees = sum(visite.rencontres.values_list("nombre", flat=True))
    rendu[CodeSection.VISITE] = _dits(
        (visite.temps.count(), "temps,temps"), (rencontrees, "personne rencontrée,personnes rencontrées")
    )
    themes = Counter(visite.constats.values_list("theme_propose", flat=True))
    for code, theme in EFFETS_DES_SECTIONS.items():
        rendu[code] = _dits((themes[theme], "constat"))
    rendu[CodeSection.RESUME] = _dits((sum(themes.values()), "constat"))
    rendu[CodeSection.GLOSSAIRE] = "Les sigles du texte et leur sens"
    rendu[CodeSection.DOCUMENTS] = _dits((monographie.documents.count(), "document"))
    return rendu


def _dits(*comptes: tuple[int, str]) -> str:
    """« 4 temps, 12 personnes rencontrées » ; ce qui est à zéro se tait."""
    return ", ".join(accorde(combien, mots) for combien, mots in comptes if combien)


def suite_pour(monographie: Monographie, lecteur: Utilisateur, sections: list[SectionLue]) -> Suite:
    """Ce que cette personne a à faire maintenant."""
    if peut_ecrire_une_section(lecteur, monographie):
        return _suite_de_l_auteur(monographie, sections)
    if monographie.etat == E.RELECTURE and peut_commenter(lecteur, monographie):
        return _suite_de_l_esms(monographie, lecteur, sections)
    if monographie.etat == E.VALIDEE:
        if peut_publier(lecteur, monographie):
            return Suite("La direction a validé ce texte : vous pouvez le publier.")
        return Suite("La direction a validé ce texte : qui pilote l'étude le publiera.")
    if monographie.etat == E.PUBLIEE:
        return Suite("Elle est publiée : tous les comptes lisent l'édition.")
    return Suite("L'équipe de l'étude écrit ; l'ESMS relira ensuite.")


def _suite_de_l_auteur(monographie: Monographie, sections: list[SectionLue]) -> Suite:
    if commentee := next((s for s in sections if s.ouvertes), None):
        total = sum(s.ouvertes for s in sections)
        phrase = f"{accorde(total, 'remarque attend,remarques attendent')} une réponse."
        return Suite(phrase, _page(RELIRE, monographie, commentee), f"Lire dans « {commentee.section} »")
    vides = [s for s in sections if s.est_vide]
    if monographie.etat == E.RELECTURE and not vides:
        return Suite("La direction de l'ESMS relit. Vous pouvez encore corriger.")
    if vides:
        reste = accorde(len(vides), "section reste à écrire,sections restent à écrire")
        return Suite(f"{reste}.", _page(ECRIRE, monographie, vides[0]), f"Écrire « {vides[0].section} »")
    return Suite("Tout est écrit : relisez, puis envoyez à l'ESMS.")


def _suite_de_l_esms(monographie: Monographie, lecteur: Utilisateur, sections: list[SectionLue]) -> Suite:
    ecrites = [s for s in sections if s.mots]
    premiere = ecrites[0] if ecrites else sections[0]
    qui = (
        "Lisez, commentez ce qui ne va pas, puis validez ou demandez des corrections."
        if peut_valider_la_monographie(lecteur, monographie)
        else "Lisez et commentez ; la direction validera."
    )
    return Suite(qui, _page(RELIRE, monographie, premiere), "Commencer la lecture")


def _page(nom: str, monographie: Monographie, lue: SectionLue) -> str:
    return reverse(nom, args=[monographie.pk, lue.section.code])


def voisines(section: SectionMonographie, *, de_l_equipe: bool) -> tuple[CodeSection | None, CodeSection | None]:
    """La section d'avant et celle d'après ; qui relit pour l'ESMS passe celles où il n'y a rien à lire. Une requête."""
    codes = [code for code in CodeSection if code not in SANS_PROSE]
    if not de_l_equipe:
        soeurs = SectionMonographie.objects.filter(monographie=section.monographie_id).exclude(texte="")
        ecrites = set(soeurs.values_list("code", flat=True)) | {section.code, *FAITS_DES_SECTIONS}
        codes = [code for code in codes if code in ecrites]
    rang = codes.index(CodeSection(section.code))
    return (codes[rang - 1] if rang else None, codes[rang + 1] if rang + 1 < len(codes) else None)
