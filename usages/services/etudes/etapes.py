"""Les étapes de l'entonnoir : les écrire, les retirer, les figer, les rouvrir. Une étape figée ne se modifie pas."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify

from programme.models import Utilisateur
from programme.services.controles import valider
from programme.socle.empreintes import empreinte_de
from programme.socle.erreurs import Refus
from usages.calculs.definitions_entonnoir import SANS_SUITE, definition_de, readmission_en_donnees
from usages.calculs.entonnoir import Etape, EtapeImpossible, Readmission
from usages.calculs.faits_entonnoir import CONNUS, NOTES_A_LA_MAIN
from usages.calculs.unites_entonnoir import Nature, Unite
from usages.enums import GenreEtape
from usages.models import EtapeEtude, Etude
from usages.services.etudes.entonnoir import derouler_etude, etapes_de, lire_etape
from usages.services.etudes.etudes import etude_verrouillee, exiger_conduite
from usages.services.etudes.sources import VERS, unites_de
from usages.services.retours.croisements import CROISES

FIGEE = "Cette étape est figée : rouvrez-la d'abord, en disant pourquoi."
PAS_FIGEE = "Cette étape n'est pas figée."
AVANT_D_ABORD = "Figez d'abord « {} » : une étape ne se fige qu'une fois celles d'avant figées."
LA_DERNIERE = "« {} » vient après et elle est figée : rouvrez-la d'abord."
SANS_MOTIF = "Dites pourquoi vous la rouvrez : l'étude garde cette raison."
CODE_PRIS = "Une autre étape porte déjà ce code : changez-le, ou changez le titre."
RANG_FIGE = "Une étape figée vient après cette place : rouvrez-la d'abord, ou placez l'étape plus loin."
SUIVIE = "« {} » s'appuie sur cette étape : retirez-la, ou modifiez-la d'abord."
NOTE_HORS_ECHELLE = "{} : la note va de 0 à {}."


def _relire(etape: EtapeEtude, par: Utilisateur) -> EtapeEtude:
    """L'étape relue, l'étude verrouillée et conduite par lui."""
    etude = etude_verrouillee(etape.etude)
    exiger_conduite(etude, par)
    return EtapeEtude.objects.select_related("etude").get(pk=etape.pk)


def empreinte_d_etape(etape: EtapeEtude) -> str:
    """Ce qu'un formulaire garde de l'étape qu'il montrait."""
    return empreinte_de([etape.titre, etape.palier, etape.code, etape.definition])


def _exiger_ouverte(etape: EtapeEtude) -> None:
    if etape.est_figee:
        raise Refus("etat", FIGEE)


def _verifier(etape: EtapeEtude) -> None:
    """Le code est seul à servir, la définition se lit."""
    autres = EtapeEtude.objects.filter(etude=etape.etude_id, code=etape.code).exclude(pk=etape.pk)
    if autres.exists():
        raise Refus("champ", CODE_PRIS, champs={"code": [CODE_PRIS]})
    try:
        lire_etape(etape)
    except EtapeImpossible as faute:
        raise Refus("champ", str(faute)) from faute
    valider(etape)


@transaction.atomic
def ecrire_etape(
    *,
    etude: Etude,
    genre: str,
    titre: str,
    definition: Mapping[str, Any],
    par: Utilisateur,
    palier: str = "",
    code: str = "",
    apres: int | None = None,
) -> EtapeEtude:
    """Ajoute une étape, à la fin ou juste après le rang `apres`. Lève `Refus` (droit, etat, champ)."""
    relue = etude_verrouillee(etude)
    exiger_conduite(relue, par)
    existantes = etapes_de(relue)
    rang = existantes[-1].rang + 1 if existantes else 1
    if apres is not None and apres + 1 < rang:
        if any(e.est_figee and e.rang > apres for e in existantes):
            raise Refus("etat", RANG_FIGE, champs={"apres": [RANG_FIGE]})
        relue.etapes.filter(rang__gt=apres).update(rang=F("rang") + 1)
        rang = apres + 1
    etape = EtapeEtude(
        etude=relue,
        rang=rang,
        genre=genre,
        titre=titre,
        palier=palier,
        code=(code or slugify(titre))[:40] or f"etape-{rang}",
        definition=dict(definition),
    )
    _verifier(etape)
    etape.save()
    return etape


@transaction.atomic
def modifier_etape(
    *,
    etape: EtapeEtude,
    titre: str,
    definition: Mapping[str, Any],
    par: Utilisateur,
    palier: str = "",
    code: str = "",
    vu: str = "",
) -> EtapeEtude:
    """Récrit une étape qui n'est pas figée ; ses réouvertures restent. Lève `Refus` (droit, etat, champ, concurrence).

    `vu` : l'`empreinte_d_etape` que la personne avait sous les yeux ; vide : rien à vérifier.
    """
    relue = _relire(etape, par)
    _exiger_ouverte(relue)
    if vu and vu != empreinte_d_etape(relue):
        raise Refus("concurrence", CROISES)
    avant = relue.code
    relue.titre, relue.palier, relue.code = titre, palier, (code or slugify(titre))[:40]
    gardees = {nom: relue.definition[nom] for nom in ("reouvertures",) if nom in relue.definition}
    relue.definition = {**definition, **gardees}
    _verifier(relue)
    relue.save()
    if avant != relue.code:
        _suivre_le_code(relue.etude, avant, relue.code)
    return relue


def _suivre_le_code(etude: Etude, avant: str, apres: str) -> None:
    """Les exceptions qui partaient de cette étape la suivent."""
    for autre in etude.etapes.filter(genre=GenreEtape.EXCEPTIONS, figee_le=None):
        if autre.mot("de") == avant:
            autre.definition["de"] = apres
            autre.save(update_fields=["definition"])


@transaction.atomic
def retirer_etape(*, etape: EtapeEtude, par: Utilisateur) -> None:
    """Retire une étape qui n'est pas figée. Lève `Refus` (droit, etat)."""
    relue = _relire(etape, par)
    _exiger_ouverte(relue)
    suivantes = [e for e in etapes_de(relue.etude) if e.rang > relue.rang]
    for autre in suivantes:
        if autre.est_figee:
            raise Refus("etat", LA_DERNIERE.format(autre.titre))
        if autre.mot("de") == relue.code:
            raise Refus("etat", SUIVIE.format(autre.titre))
    EtapeEtude.objects.filter(pk=relue.pk).delete()


# --- figer, rouvrir --------------------------------------------------------------------------------------------------


@transaction.atomic
def figer_etape(*, etape: EtapeEtude, par: Utilisateur) -> EtapeEtude:
    """Garde ses entrées, ses décisions, son empreinte. Lève `Refus` (droit, etat) si celles d'avant ne le sont pas."""
    relue = _relire(etape, par)
    _exiger_ouverte(relue)
    deroule = derouler_etude(relue.etude)
    for avant in deroule.etapes:
        if avant.rang < relue.rang and not avant.est_figee:
            raise Refus("etat", AVANT_D_ABORD.format(avant.titre))
    resultat = deroule.resultat(relue.code)
    if resultat is None:
        raise Refus("etat", deroule.faute)
    relue.resultat = resultat.en_donnees()
    relue.figee_le, relue.figee_par = timezone.now(), par
    relue.save(update_fields=["resultat", "figee_le", "figee_par"])
    return relue


@transaction.atomic
def rouvrir_etape(*, etape: EtapeEtude, motif: str, par: Utilisateur) -> EtapeEtude:
    """Rouvre la dernière étape figée, et garde pourquoi. Lève `Refus` (droit, etat, champ)."""
    relue = _relire(etape, par)
    if not relue.est_figee:
        raise Refus("etat", PAS_FIGEE)
    if not motif.strip():
        raise Refus("champ", SANS_MOTIF, champs={"motif": [SANS_MOTIF]})
    for autre in etapes_de(relue.etude):
        if autre.rang > relue.rang and autre.est_figee:
            raise Refus("etat", LA_DERNIERE.format(autre.titre))
    trace = {"le": timezone.localdate().isoformat(), "par": str(par), "motif": motif.strip()}
    relue.definition = {**relue.definition, "reouvertures": [*relue.lignes("reouvertures"), trace]}
    relue.resultat = relue.figee_le = relue.figee_par = None
    relue.save(update_fields=["definition", "resultat", "figee_le", "figee_par"])
    return relue


# --- passages, exceptions, notes -------------------------------------------------------------------------------------


@transaction.atomic
def prendre_les_unites(*, etape: EtapeEtude, par: Utilisateur) -> int:
    """Relève les unités d'un passage dans ce que ce compte lit ; garde les notes écrites. Rend combien il y en a."""
    relue = _relire(etape, par)
    _exiger_ouverte(relue)
    entrees = derouler_etude(relue.etude).entrees_de(relue)
    notees = {u.get("cle"): u.get("faits", {}) for u in relue.lignes("unites")}
    unites = [_avec_notes(u, notees.get(u.cle, {})) for u in unites_de(relue, entrees, par)]
    relue.definition = {
        **relue.definition,
        "unites": [u.en_donnees() for u in unites],
        "prises_le": timezone.localdate().isoformat(),
    }
    _verifier(relue)
    relue.save(update_fields=["definition"])
    return len(unites)


def _avec_notes(unite: Unite, faits: Mapping[str, Any]) -> Unite:
    notes = {nom: faits[nom] for nom in NOTES_A_LA_MAIN if faits.get(nom) is not None}
    return Unite(unite.nature, unite.cle, unite.nom, {**unite.faits, **notes}, unite.issue_de)


def definition_de_passage(
    *, source: str, prerequis: Sequence[Mapping[str, Any]], sans_suite: str, avant: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """La définition d'un passage ; ses unités, déjà prises, restent tant que la source est la même."""
    garde = avant if avant and avant.get("source", source) == source else {}
    return {
        "source": source,
        "vers": str(VERS[source]),
        "unites": list(garde.get("unites", [])),
        "prises_le": garde.get("prises_le", ""),
        "prerequis": list(prerequis),
        "sans_suite": sans_suite or SANS_SUITE,
    }


@transaction.atomic
def readmettre(*, etape: EtapeEtude, refs: Sequence[str], motif: str, par: Utilisateur) -> int:
    """Réadmet des unités écartées, pour un motif ; lève juste ce qui leur manque. Lève `Refus`."""
    relue = _relire(etape, par)
    _exiger_ouverte(relue)
    source = derouler_etude(relue.etude).resultat(relue.mot("de"))
    ecartes = {d.unite.ref: d for d in source.ecartes} if source else {}
    deja = {e.get("ref") for e in relue.lignes("exceptions")}
    neuves = []
    for ref in dict.fromkeys(refs):
        if ref in ecartes and ref not in deja:
            unite = ecartes[ref].unite
            leve = frozenset(r.sur for r in ecartes[ref].raisons if r.sur)
            neuves.append(readmission_en_donnees(Readmission(ref, motif, leve, en_projet(unite))))
    lignes = [*relue.lignes("exceptions"), *neuves]
    relue.definition = {**relue.definition, "exceptions": lignes}
    _verifier(relue)
    relue.save(update_fields=["definition"])
    if (faute := _faute_a(relue)) and neuves:
        raise Refus("champ", faute)
    return len(neuves)


def en_projet(unite: Unite) -> Unite | None:
    """Une grappe réadmise entre comme un projet : l'étape d'avant compte déjà des OG ; le reste garde son nom."""
    if unite.nature != Nature.GRAPPE:
        return None
    return Unite(Nature.PROJET, unite.cle, f"Projet de {unite.nom}", dict(unite.faits), (unite.ref,))


@transaction.atomic
def retirer_l_exception(*, etape: EtapeEtude, ref: str, par: Utilisateur) -> None:
    """Retire une exception. Lève `Refus` (droit, etat)."""
    relue = _relire(etape, par)
    _exiger_ouverte(relue)
    gardees = [e for e in relue.lignes("exceptions") if e.get("ref") != ref]
    relue.definition = {**relue.definition, "exceptions": gardees}
    relue.save(update_fields=["definition"])


@transaction.atomic
def noter_les_unites(*, etape: EtapeEtude, notes: Mapping[str, Mapping[str, int | None]], par: Utilisateur) -> None:
    """Écrit ce que l'équipe note elle-même (`ref` → fait → note). Lève `Refus` (droit, etat, champ)."""
    relue = _relire(etape, par)
    _exiger_ouverte(relue)
    for lues in notes.values():
        for fait, note in lues.items():
            sur = CONNUS[fait].sur
            if note is not None and not 0 <= note <= sur:
                raise Refus("champ", NOTE_HORS_ECHELLE.format(CONNUS[fait].libelle.capitalize(), sur))
    unites = []
    for donnees in relue.definition.get("unites", []):
        siennes = notes.get(f"{donnees['nature']}:{donnees['cle']}", {})
        unites.append({**donnees, "faits": {**donnees["faits"], **siennes}})
    relue.definition = {**relue.definition, "unites": unites}
    _verifier(relue)
    relue.save(update_fields=["definition"])


def _faute_a(etape: EtapeEtude) -> str:
    """Pourquoi l'entonnoir s'arrête à cette étape ; vide s'il la passe."""
    deroule = derouler_etude(etape.etude)
    return deroule.faute if deroule.arret and deroule.arret.pk == etape.pk else ""


@transaction.atomic
def poser(*, etude: Etude, etapes: Sequence[Etape], par: Utilisateur) -> list[EtapeEtude]:
    """Écrit ces étapes à la suite, dans l'ordre. Lève `Refus`."""
    return [
        ecrire_etape(
            etude=etude,
            genre=e.genre,
            titre=e.titre,
            palier=e.palier,
            code=e.code,
            definition=definition_de(e),
            par=par,
        )
        for e in etapes
    ]
