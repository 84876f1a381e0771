"""La carte « à qui m'adresser » : la composer pour un ESMS, l'écrire pour une grappe, un OG ou un ESMS."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404
from django.urls import reverse

from programme.enums import Role, Sujet
from programme.models import Affectation, Esms, Grappe, Interlocuteur, OrganismeGestionnaire, Parcours, Utilisateur
from programme.permissions import affectes_sur, peut_tenir_la_carte
from programme.services.controles import exiger, signer, valider
from programme.socle.erreurs import Refus
from programme.socle.versions import exiger_inchange

Cible = Grappe | OrganismeGestionnaire | Esms
CHAMPS = ("nom", "fonction", "telephone", "courriel", "precision")
_CIBLES: dict[type[Any], str] = {Grappe: "grappe", OrganismeGestionnaire: "og", Esms: "esms"}
_TELEPHONE = re.compile(r"\+?[\d .\-()/]{2,29}")
TELEPHONE_FAUTIF = "Écrivez un numéro, par exemple 05 55 00 00 00, ou un poste de quelques chiffres."
NOM_ABSENT = "Dites qui : une personne ou un service ; sinon videz la ligne."


@dataclass(slots=True)
class Reponse:
    """Un interlocuteur et d'où il vient (« de l'ESMS », « de l'OG… », « de la grappe… », « d'après son compte »)."""

    interlocuteur: Interlocuteur
    provenance: str

    @property
    def appel(self) -> str:
        """Le numéro tel qu'un téléphone le compose."""
        return re.sub(r"[^\d+]", "", self.interlocuteur.telephone)


@dataclass(slots=True)
class LigneDeCarte:
    """Un sujet et à qui s'adresser : personne encore, une réponse, ou une par grappe de l'ESMS."""

    sujet: Sujet
    reponses: list[Reponse] = field(default_factory=list)


@dataclass(slots=True)
class Carte:
    """La carte d'un ESMS pour un lecteur : ses lignes, et où écrire ce qui manque, pour qui le peut."""

    esms: Esms
    grappes: list[Grappe]
    lignes: list[LigneDeCarte]
    saisies: list[tuple[str, str]]

    @property
    def manquent(self) -> list[LigneDeCarte]:
        """Les sujets sans personne."""
        return [ligne for ligne in self.lignes if not ligne.reponses]

    @property
    def connues(self) -> list[LigneDeCarte]:
        """Les sujets qui ont quelqu'un."""
        return [ligne for ligne in self.lignes if ligne.reponses]


def de_la_cible(cible: Cible) -> QuerySet[Interlocuteur]:
    """Les interlocuteurs écrits pour cette grappe, cet OG ou cet ESMS."""
    return Interlocuteur.objects.filter(**{_CIBLES[type(cible)]: cible})


def histoire_de(cible: Cible) -> QuerySet:
    """L'histoire de ces lignes, pour le jeton de version du formulaire."""
    lignes: QuerySet = Interlocuteur.history.filter(**{_CIBLES[type(cible)]: cible})
    return lignes


# --- lire ----------------------------------------------------------------------------------------------------------


def carte_de(esms: Esms, *, par: Utilisateur, au: date) -> Carte:
    """Par sujet, l'interlocuteur le plus proche : celui de l'ESMS, de son OG, puis de ses grappes ; à défaut un compte.

    Lève `Http404` si le lecteur ne voit de l'ESMS que l'annuaire. Nombre de requêtes constant.
    """
    vus = Parcours.objects.visibles_par(par).filter(esms=esms)
    grappes = list(Grappe.objects.filter(pk__in=vus.dans_le_projet().values("grappe")))
    if not grappes and not vus.exists() and not affectes_sur(par, esms):
        raise Http404("ESMS hors périmètre")
    par_sujet: dict[str, list[Interlocuteur]] = {}
    for i in Interlocuteur.objects.filter(Q(esms=esms) | Q(og=esms.og_id, og__isnull=False) | Q(grappe__in=grappes)):
        par_sujet.setdefault(i.sujet, []).append(i)
    noms = {g.pk: g.nom for g in grappes}
    comptes = {**_chefs(grappes, au), **_referents(esms, au)}
    lignes = []
    for sujet in Sujet:
        reponses = _plus_proches(par_sujet.get(sujet, []), esms, noms)
        lignes.append(LigneDeCarte(sujet, reponses or comptes.get(sujet, [])))
    return Carte(esms, grappes, lignes, _saisies(esms, grappes, par))


def _plus_proches(connus: list[Interlocuteur], esms: Esms, noms: dict[int, str]) -> list[Reponse]:
    for niveau in ("esms_id", "og_id", "grappe_id"):
        if proches := [i for i in connus if getattr(i, niveau)]:
            mots = {"esms_id": "de l'ESMS", "og_id": f"de l'OG {esms.og}"}
            return [Reponse(i, mots.get(niveau) or f"de la grappe {noms[i.grappe_id or 0]}") for i in proches]
    return []


def _chefs(grappes: Iterable[Grappe], au: date) -> dict[str, list[Reponse]]:
    lignes = Affectation.objects.en_cours(au).filter(role=Role.CHEF_PROJET, grappe__in=list(grappes))
    return {Sujet.PROJET: [_compte(a, f"chef de projet, grappe {a.grappe}") for a in _avec_compte(lignes)]}


def _referents(esms: Esms, au: date) -> dict[str, list[Reponse]]:
    lignes = Affectation.objects.en_cours(au).filter(role=Role.REFERENT)
    lignes = lignes.filter(Q(esms=esms) | Q(groupe__esms=esms)).distinct()
    return {Sujet.USAGE: [_compte(a, "référent local") for a in _avec_compte(lignes)]}


def _avec_compte(lignes: QuerySet[Affectation]) -> QuerySet[Affectation]:
    return lignes.filter(utilisateur__is_active=True).select_related("utilisateur", "grappe").order_by("du", "pk")


def _compte(affectation: Affectation, fonction: str) -> Reponse:
    compte = affectation.utilisateur
    # Jamais enregistré : ce que Treille sait déjà d'un compte se montre, il ne se recopie pas.
    return Reponse(Interlocuteur(nom=compte.nom, fonction=fonction, courriel=compte.courriel), "d'après son compte")


def _saisies(esms: Esms, grappes: list[Grappe], par: Utilisateur) -> list[tuple[str, str]]:
    lieux: list[tuple[Cible, str, str, Any]] = [(esms, "pour cet ESMS", "esms", esms.finess)]
    if esms.og:
        lieux.append((esms.og, f"pour tout l'OG {esms.og}", "og", esms.og_id))
    lieux += [(g, f"pour toute la grappe {g}", "grappe", g.pk) for g in grappes]
    return [
        (mots, reverse(f"programme:{nom}-interlocuteurs", args=[cle]))
        for objet, mots, nom, cle in lieux
        if peut_tenir_la_carte(par, objet)
    ]


def proposes(cible: Cible, *, au: date) -> dict[str, Reponse]:
    """Ce qu'un formulaire vide peut proposer d'après les comptes connus, par sujet."""
    if isinstance(cible, Grappe):
        connus = _chefs([cible], au)
    else:
        connus = _referents(cible, au) if isinstance(cible, Esms) else {}
    return {sujet: reponses[0] for sujet, reponses in connus.items() if reponses}


# --- écrire --------------------------------------------------------------------------------------------------------


@transaction.atomic
def ecrire(
    *, cible: Cible, lignes: Mapping[str, Mapping[str, str]], par: Utilisateur, vu: int | None = None
) -> list[Sujet]:
    """Écrit la carte d'une cible, une ligne par sujet (`CHAMPS`) ; une ligne vidée s'efface. Rend les sujets changés.

    Un sujet absent ne bouge pas. Lève `Refus` (droit, champ, concurrence) sans rien écrire.
    """
    exiger(peut_tenir_la_carte(par, cible))
    # Deux saisies de la même carte se suivent : la seconde voit ce que la première a écrit.
    type(cible)._default_manager.select_for_update(of=("self",)).get(pk=cible.pk)
    connus = {i.sujet: i for i in de_la_cible(cible)}
    changes = [s for s in Sujet if s in lignes and dict(lignes[s]) != _valeurs(connus.get(s))]
    if changes:
        _exiger_inchange(histoire_de(cible).filter(sujet__in=changes), vu)
    a_ecrire, a_effacer = _preparer(cible, lignes, connus, changes)
    for interlocuteur in a_ecrire:
        signer(interlocuteur, par)
        interlocuteur.save()
    for interlocuteur in a_effacer:
        signer(interlocuteur, par)
        interlocuteur.delete()
    return changes


DEJA_DIT = "{} a déjà un contact pour ce sujet : corrigez-le sur la carte « à qui m'adresser »."


@transaction.atomic
def ajouter(*, cible: Cible, sujet: str, valeurs: Mapping[str, str], par: Utilisateur) -> Interlocuteur:
    """Dit un sujet qui ne l'est pas encore, sans toucher aux autres. Lève `Refus` (droit, champ)."""
    if de_la_cible(cible).filter(sujet=sujet).exists():
        phrase = DEJA_DIT.format(cible)
        raise Refus("champ", phrase, champs={"sujet": [phrase]})
    try:
        ecrire(cible=cible, lignes={sujet: valeurs}, par=par)
    except Refus as refus:
        refus.champs = {champ.removeprefix(f"{sujet}-"): phrases for champ, phrases in refus.champs.items()}
        raise
    return de_la_cible(cible).get(sujet=sujet)


def _exiger_inchange(histoire: QuerySet, vu: int | None) -> None:
    exiger_inchange(histoire, vu, CHAMPS)
    # Une ligne effacée n'a pas de différence à lire : la récrire sans le dire déferait le geste d'un autre.
    if vu is not None and (efface := histoire.filter(history_id__gt=vu, history_type="-").first()):
        qui = efface.history_user or "une autre personne"
        raise Refus("concurrence", f"Entre-temps, {qui} a retiré « {efface.get_sujet_display()} » : relisez.")


def _valeurs(interlocuteur: Interlocuteur | None) -> dict[str, str]:
    return {c: getattr(interlocuteur, c) if interlocuteur else "" for c in CHAMPS}


def _preparer(
    cible: Cible, lignes: Mapping[str, Mapping[str, str]], connus: dict[str, Interlocuteur], changes: list[Sujet]
) -> tuple[list[Interlocuteur], list[Interlocuteur]]:
    """Ce qui s'écrit et ce qui s'efface, une fois tout vérifié."""
    fautes: dict[str, list[str]] = {}
    a_ecrire, a_effacer = [], []
    for sujet in changes:
        valeurs, connu = lignes[sujet], connus.get(sujet)
        if not any(valeurs.values()):
            a_effacer += [connu] if connu else []
            continue
        interlocuteur = connu or Interlocuteur(sujet=sujet, **{_CIBLES[type(cible)]: cible})
        for champ, valeur in valeurs.items():
            setattr(interlocuteur, champ, valeur)
        fautes |= {f"{sujet}-{champ}": phrases for champ, phrases in _fautes(interlocuteur).items()}
        a_ecrire.append(interlocuteur)
    if fautes:
        raise Refus("champ", "interlocuteurs à corriger", champs=fautes)
    return a_ecrire, a_effacer


def _fautes(interlocuteur: Interlocuteur) -> dict[str, list[str]]:
    if not interlocuteur.nom:
        return {"nom": [NOM_ABSENT]}
    if interlocuteur.telephone and not _TELEPHONE.fullmatch(interlocuteur.telephone):
        return {"telephone": [TELEPHONE_FAUTIF]}
    try:
        valider(interlocuteur, exclure=("sujet", *_CIBLES.values()))
    except Refus as refus:
        return refus.champs
    return {}
