"""Relire une section : chaque bloc, ses remarques retrouvées après retouche ; en écrire une, y répondre."""

from dataclasses import dataclass, field, replace

from django.db import transaction
from django.utils import timezone
from django.utils.safestring import SafeString

from programme.models import Utilisateur
from programme.services.controles import exiger, valider
from programme.socle.erreurs import Refus
from usages.calculs.passages_cites import Ancre, Etat, Passage, ancrer, ancrer_extrait, retrouver
from usages.calculs.propos_cites import Interdits, rangs_tus, redits, references, resoudre, sans_redits
from usages.calculs.prose import Bloc, en_texte, lire, texte_nu, textes_nus
from usages.calculs.rendus_prose import en_html
from usages.models import Commentaire, SectionMonographie, Verbatim
from usages.permissions import peut_commenter, peut_repondre_a_la_remarque

TOUTE_LA_SECTION = "Cette remarque porte sur toute la section."
TROP_LONG = "Ce passage est trop long pour une remarque : choisissez-en une partie."
SANS_BLOC = "Ce paragraphe n'est plus dans la section : relisez-la, puis choisissez de nouveau."
APERCU = 60


@dataclass(frozen=True, slots=True)
class Remarque:
    """Une remarque, et ce qu'est devenu son passage ; sans passage, elle porte sur toute la section.

    `tait` : l'extrait redit un verbatim que ce lecteur n'a pas à lire ; `tait_texte`, `tait_reponse` : de même.
    """

    commentaire: Commentaire
    passage: Passage | None
    repond: bool
    tait: bool = False
    tait_texte: bool = False
    tait_reponse: bool = False

    @property
    def phrase(self) -> str:
        """Ce que son passage est devenu."""
        return self.passage.phrase if self.passage else TOUTE_LA_SECTION

    @property
    def a_change(self) -> bool:
        """Vrai si le texte commenté n'est plus le même : l'ancien extrait se montre."""
        return self.passage is not None and self.passage.etat in (Etat.MODIFIE, Etat.DISPARU)


@dataclass(frozen=True, slots=True)
class BlocLu:
    """Un bloc du texte, rendu ; `note` : pourquoi il ne sortira pas du document."""

    rang: int
    html: SafeString
    apercu: str
    note: str = ""
    se_commente: bool = True
    remarques: list[Remarque] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Relecture:
    """Une section à relire : ses blocs, et les remarques dont le passage n'est plus là."""

    blocs: list[BlocLu]
    ailleurs: list[Remarque]
    nb_ouvertes: int


@dataclass(frozen=True, slots=True)
class Propos:
    """Les verbatims d'une visite qu'on peut citer (leurs mots, qui parle), et ceux de l'ESMS qui ne sortent pas."""

    citables: dict[int, tuple[str, str]]
    interdits: list[str]


def propos_de(visite: int) -> Propos:
    """Deux requêtes."""
    autour = Verbatim.objects.autour_de(visite)
    citables = {v.pk: v for v in autour.citables()}
    tus = list(autour.exclude(pk__in=list(citables)).values_list("texte", flat=True))
    return Propos({cle: (v.texte, v.qui) for cle, v in citables.items() if v.visite_id == visite}, tus)


def rendre(texte: str, propos: Propos, *, decalage: int = 1) -> SafeString:
    """La prose en HTML, ses verbatims à leur place ; ce qui ne peut pas sortir n'y est pas."""
    garde = en_texte(sans_redits(lire(texte), Interdits.lire(propos.interdits)))
    return en_html(lire(resoudre(garde, propos.citables)), decalage=decalage)


def relecture_de(section: SectionMonographie, lecteur: Utilisateur, *, de_l_equipe: bool) -> Relecture:
    """Les blocs et leurs remarques, réglées comprises. Nombre constant de requêtes."""
    blocs = lire(section.texte)
    propos = propos_de(section.monographie.visite_id)
    tus = rangs_tus(blocs, Interdits.lire(propos.interdits))
    lus = [_bloc_lu(rang, bloc, propos, de_l_equipe, tu=rang in tus) for rang, bloc in enumerate(blocs)]
    remarques = _remarques(section, textes_nus(blocs), lecteur, de_l_equipe)
    remarques = [r if de_l_equipe else _taire(r, lus, propos) for r in remarques]
    ailleurs: list[Remarque] = []
    for remarque in remarques:
        rang = remarque.passage.bloc if remarque.passage else None
        (ailleurs if rang is None else lus[rang].remarques).append(remarque)
    return Relecture(lus, ailleurs, sum(1 for r in remarques if r.commentaire.resolu_le is None))


def _remarques(
    section: SectionMonographie, textes: tuple[str, ...], lecteur: Utilisateur, de_l_equipe: bool
) -> list[Remarque]:
    commentaires = section.commentaires.select_related("ecrit_par", "repondu_par")
    tient = de_l_equipe and bool(peut_repondre_a_la_remarque(lecteur, Commentaire(section=section)))
    commente = bool(peut_commenter(lecteur, section.monographie))
    return [
        Remarque(c, _passage(c, textes), tient or (commente and c.ecrit_par_id == lecteur.pk)) for c in commentaires
    ]


def _taire(remarque: Remarque, lus: list[BlocLu], propos: Propos) -> Remarque:
    c = remarque.commentaire
    return replace(
        remarque,
        tait=_se_tait(remarque, lus, propos),
        tait_texte=se_tait(c.texte, propos),
        tait_reponse=se_tait(c.reponse, propos),
    )


def _se_tait(remarque: Remarque, lus: list[BlocLu], propos: Propos) -> bool:
    """Vrai si l'extrait est d'un bloc que ce lecteur n'a pas à lire, ou redit un verbatim qui ne sort pas."""
    rang = remarque.passage.bloc if remarque.passage else None
    return (rang is not None and not lus[rang].se_commente) or se_tait(remarque.commentaire.extrait, propos)


def se_tait(extrait: str, propos: Propos) -> bool:
    """Vrai si ces mots redisent un verbatim qui ne peut pas sortir."""
    return bool(extrait and redits(extrait, propos.interdits))


def _passage(commentaire: Commentaire, textes: tuple[str, ...]) -> Passage | None:
    c = commentaire
    return retrouver(Ancre(c.bloc, c.extrait, c.avant, c.apres), textes) if c.extrait else None


def _bloc_lu(rang: int, bloc: Bloc, propos: Propos, de_l_equipe: bool, *, tu: bool) -> BlocLu:
    ecrit, nu = en_texte([bloc]), texte_nu(bloc)
    apercu = nu if len(nu) <= APERCU else f"{nu[: APERCU - 1]}…"
    if tu:
        note = "Ce passage redit un verbatim qui ne peut pas être cité : il ne sortira pas."
        # Ces mots ne sont qu'à l'équipe, tant que qui les a dits n'a pas dit oui.
        if not de_l_equipe:
            return BlocLu(rang, en_html([]), "", note, se_commente=False)
        return BlocLu(rang, en_html([bloc], decalage=1), apercu, note)
    absents = [cle for cle in references(ecrit) if cle not in propos.citables]
    note = "Un verbatim cité ici ne peut pas sortir : sa place restera vide." if absents else ""
    return BlocLu(rang, en_html(lire(resoudre(ecrit, propos.citables)), decalage=1), apercu, note)


@transaction.atomic
def commenter(
    *, section: SectionMonographie, texte: str, par: Utilisateur, bloc: int | None = None, extrait: str = ""
) -> Commentaire:
    """Écrit une remarque sur un passage, un bloc, ou toute la section (`bloc` absent). Lève `Refus` (droit, champ)."""
    exiger(peut_commenter(par, section.monographie))
    ancre = Ancre(0, "") if bloc is None else _ancre(textes_nus(lire(section.texte)), bloc, extrait)
    commentaire = Commentaire(
        section=section,
        bloc=ancre.bloc,
        extrait=ancre.extrait,
        avant=ancre.avant.strip(),
        apres=ancre.apres.strip(),
        texte=texte,
        ecrit_par=par,
    )
    valider(commentaire)
    commentaire.save()
    return commentaire


def _ancre(textes: tuple[str, ...], bloc: int, extrait: str) -> Ancre:
    if not 0 <= bloc < len(textes):
        raise Refus("champ", SANS_BLOC, champs={"bloc": [SANS_BLOC]})
    try:
        ancre = ancrer_extrait(textes, bloc, extrait) if extrait.strip() else ancrer(textes, bloc)
    except ValueError as faute:
        raise Refus("champ", str(faute), champs={"extrait": [str(faute)]}) from faute
    longueur = Commentaire._meta.get_field("extrait").max_length or 2000
    if len(ancre.extrait) > longueur and not extrait.strip():
        # Un long paragraphe choisi en entier : son début suffit à le retrouver.
        return ancrer(textes, bloc, 0, longueur)
    if len(ancre.extrait) > longueur:
        raise Refus("champ", TROP_LONG, champs={"extrait": [TROP_LONG]})
    return ancre


@transaction.atomic
def repondre(*, commentaire: Commentaire, reponse: str, regle: bool, par: Utilisateur) -> Commentaire:
    """Répond à une remarque, la dit réglée ou la rouvre. Lève `Refus` (droit, champ)."""
    exiger(peut_repondre_a_la_remarque(par, commentaire))
    relu = Commentaire.objects.select_for_update(of=("self",)).get(pk=commentaire.pk)
    if reponse != relu.reponse:
        relu.reponse, relu.repondu_par = reponse, par
    if regle != (relu.resolu_le is not None):
        relu.resolu_le = timezone.now() if regle else None
    valider(relu)
    relu.save()
    return relu
