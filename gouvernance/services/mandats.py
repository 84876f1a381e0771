"""Les mandats : confier un siège, le corriger, y mettre fin ; et le rôle de membre qui va avec."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from gouvernance.calculs.representation import DES_ESMS
from gouvernance.models import Instance, Mandat, Seance
from gouvernance.models.seances import EN_COURS
from gouvernance.permissions import peut_tenir_instances
from programme.enums import Role
from programme.models import Affectation, Grappe, Parcours, Utilisateur
from programme.permissions import peut_clore
from programme.services import perimetre
from programme.services.controles import exiger, signer, valider
from programme.socle.dates import date_courte
from programme.socle.erreurs import Refus
from programme.socle.versions import exiger_inchange

CIBLES = ("og", "categorie", "departement", "esms")
CHAMPS = (
    "utilisateur",
    "fonction",
    "suppleant",
    "suppleant_fonction",
    "represente",
    *CIBLES,
    "a_voix",
    "anime",
    "du",
    "au",
)
MOTIF = "Siège dans une instance de la grappe."
"""Le motif des affectations que confie un mandat : à ce signe, il les prolonge et y met fin."""
CLOSE = "Cette instance est close : aucun siège ne s'y confie plus."
FINANCEUR = "« {} » est financeur et ne siège pas : invitez-le à une séance, et partagez-lui le compte rendu."
FERME = "Le compte « {} » est fermé : l'administrateur peut le rouvrir."
COMPTE_ET_FONCTION = "Choisissez un compte, ou écrivez une fonction : pas les deux."
QUI = "Dites qui siège : un compte, ou une fonction."
A_SIEGE = "Ce siège a déjà compté à une séance : mettez-y fin, et confiez-en un autre."
PAS_DES_SIENS = "Aucun ESMS de la grappe n'est visé par ce siège : choisissez parmi ceux qui y sont."
VOIX_FIGEES = "Le compte rendu du {} n'est pas diffusé : d'ici là, les voix de cette séance ne changent pas."
FINIT_AVANT = "Le mandat finit avant de commencer : corrigez l'une des deux dates."


@dataclass(frozen=True, slots=True)
class Confie:
    """Un mandat écrit, et les comptes devenus membres de la grappe pour y siéger."""

    mandat: Mandat
    membres: tuple[Utilisateur, ...]


# --- vérifier ------------------------------------------------------------------------------------------------------


def _fautes_de_personnes(mandat: Mandat, avant: dict[str, Any]) -> dict[str, list[str]]:
    fautes: dict[str, list[str]] = {}
    if not mandat.utilisateur and not mandat.fonction:
        fautes["utilisateur"] = [QUI]
    for nom, fonction in (("utilisateur", "fonction"), ("suppleant", "suppleant_fonction")):
        compte = getattr(mandat, nom)
        if compte is None:
            continue
        if getattr(mandat, fonction):
            fautes[fonction] = [COMPTE_ET_FONCTION]
        if compte == avant.get(nom):
            continue
        if not compte.is_active:
            fautes[nom] = [FERME.format(compte.identifiant)]
        elif n_est_que_financeur(compte, mandat.comite.grappe):
            fautes[nom] = [FINANCEUR.format(compte.identifiant)]
    if mandat.suppleant and mandat.suppleant == mandat.utilisateur:
        fautes["suppleant"] = ["On ne se supplée pas soi-même : choisissez quelqu'un d'autre."]
    return fautes


def n_est_que_financeur(compte: Utilisateur, grappe: Grappe) -> bool:
    """Vrai pour un financeur qui ne tient aucun autre rôle dans la grappe : il n'entre pas par un siège."""
    if not compte.perimetre.tient(Role.ARS):
        return False
    return not Grappe.objects.de_pres(compte).filter(pk=grappe.pk).exists()


def _fautes(mandat: Mandat, avant: dict[str, Any]) -> dict[str, list[str]]:
    """Ce qui ne va pas dans ce qui vient d'être saisi ; ce qui n'a pas changé n'est pas redemandé."""
    fautes = _fautes_de_personnes(mandat, avant)
    if mandat.au and mandat.au < mandat.du:
        fautes["au"] = [FINIT_AVANT]
    elif phrase := _doublon(mandat):
        fautes.setdefault("utilisateur", [phrase])
    visee = any(getattr(mandat, nom) != avant.get(nom) for nom in ("represente", *CIBLES))
    if visee and mandat.represente in DES_ESMS and not _vise_quelqu_un(mandat):
        fautes["represente"] = [PAS_DES_SIENS]
    try:
        valider(mandat)
    except Refus as refus:
        autres = refus.champs
        # Les contraintes à deux champs sont déjà dites, au champ et en mots.
        if autres.pop("__all__", None) and not fautes:
            fautes["represente"] = ["Dites lequel : l'organisme, la catégorie, la zone ou l'ESMS représenté."]
        fautes = autres | fautes
    return fautes


def _vise_quelqu_un(mandat: Mandat) -> bool:
    criteres = {f"esms__{nom}": valeur for nom in CIBLES[:3] if (valeur := getattr(mandat, nom))}
    if mandat.esms:
        criteres["esms"] = mandat.esms
    return Parcours.objects.dans_le_projet().filter(grappe=mandat.comite.grappe_id, **criteres).exists()


def _doublon(mandat: Mandat) -> str:
    """La phrase qui refuse deux fois le même siège au même compte ; vide sinon. Une requête."""
    if mandat.utilisateur is None:
        return ""
    memes = Mandat.objects.exclude(pk=mandat.pk).filter(
        Q(au__isnull=True) | Q(au__gte=mandat.du),
        comite=mandat.comite,
        utilisateur=mandat.utilisateur,
        represente=mandat.represente,
        **{nom: getattr(mandat, nom) for nom in CIBLES},
    )
    if mandat.au:
        memes = memes.filter(du__lte=mandat.au)
    deja = memes.first()
    if deja is None:
        return ""
    fin = f"au {date_courte(deja.au)}" if deja.au else "sans fin"
    return f"« {mandat.utilisateur.identifiant} » tient déjà ce siège, du {date_courte(deja.du)} {fin}."


# --- écrire --------------------------------------------------------------------------------------------------------


def _comptait(mandat: Mandat, jour: date) -> bool:
    """Vrai s'il porte une voix ce jour-là."""
    return mandat.a_voix and mandat.est_en_cours(jour)


def _seances_ou_compter(mandat: Mandat) -> dict[date, bool]:
    """Les jours des séances commencées dont le compte rendu n'est pas parti, et s'il y porte une voix. Une requête."""
    debuts = Seance.objects.filter(comite=mandat.comite_id, etat__in=EN_COURS).values_list("debut", flat=True)
    nouveau = mandat._state.adding
    return {j: not nouveau and _comptait(mandat, j) for j in map(timezone.localdate, debuts)}


def _exiger_memes_voix(mandat: Mandat, avant: dict[date, bool], *, champ: str) -> None:
    """Lève `Refus` (champ) : ôter une voix aux absents, en donner une à un ami, ce serait choisir le quorum."""
    for jour, comptait in sorted(avant.items()):
        if _comptait(mandat, jour) != comptait:
            phrase = VOIX_FIGEES.format(date_courte(jour))
            raise Refus("champ", phrase, champs={champ: [phrase]})


def _enregistrer(mandat: Mandat, valeurs: dict[str, Any], par: Utilisateur) -> Confie:
    avant = {} if mandat._state.adding else {nom: getattr(mandat, nom) for nom in CHAMPS}
    voix = _seances_ou_compter(mandat)
    for nom, valeur in valeurs.items():
        setattr(mandat, nom, valeur)
    if mandat.represente not in DES_ESMS:
        # La conduite, les utilisateurs, les proches ne visent aucun ESMS.
        mandat.og = mandat.categorie = mandat.departement = mandat.esms = None
    if fautes := _fautes(mandat, avant):
        raise Refus("champ", "mandat à corriger", champs=fautes)
    _exiger_memes_voix(mandat, voix, champ="a_voix")
    signer(mandat, par)
    mandat.save()
    touches = {compte: nom for nom in ("utilisateur", "suppleant") if (compte := avant.get(nom))}
    touches |= {compte: nom for nom in ("utilisateur", "suppleant") if (compte := getattr(mandat, nom))}
    grappe = mandat.comite.grappe
    return Confie(mandat, tuple(c for c, champ in touches.items() if _accorder(c, grappe, par, champ)))


@transaction.atomic
def confier(*, instance: Instance, par: Utilisateur, **valeurs: Any) -> Confie:
    """Confie un siège (`valeurs` : de `CHAMPS`). Un compte sans rôle dans la grappe en devient membre, aux mêmes dates.

    Lève `Refus` (droit, etat, champ) sans rien écrire.
    """
    exiger(peut_tenir_instances(par, instance))
    relue = Instance.objects.select_for_update(of=("self",)).select_related("grappe__region").get(pk=instance.pk)
    if relue.close_le:
        raise Refus("etat", CLOSE)
    return _enregistrer(Mandat(comite=relue, confie_par=par), valeurs, par)


@transaction.atomic
def modifier(*, mandat: Mandat, par: Utilisateur, vu: int | None = None, **valeurs: Any) -> Confie:
    """Corrige un mandat (`valeurs` : de `CHAMPS`). `vu` : jeton de la version lue.

    Un siège qui a compté à une séance ne change pas de titulaire. Lève `Refus` (droit, etat, champ, concurrence).
    """
    exiger(peut_tenir_instances(par, mandat))
    relu = _verrouiller(mandat)
    if relu.comite.close_le:
        raise Refus("etat", CLOSE)
    exiger_inchange(Mandat.history.filter(id=mandat.pk), vu, valeurs.keys())
    if valeurs.get("utilisateur", relu.utilisateur) != relu.utilisateur and relu.presences.exists():
        raise Refus("champ", A_SIEGE, champs={"utilisateur": [A_SIEGE]})
    return _enregistrer(relu, valeurs, par)


def _verrouiller(mandat: Mandat) -> Mandat:
    relu: Mandat = Mandat.objects.select_for_update(of=("self",)).pour_lecture().get(pk=mandat.pk)
    return relu


@transaction.atomic
def clore(*, mandat: Mandat, au: date, par: Utilisateur) -> str:
    """Met fin à un mandat, `au` étant son dernier jour, et au rôle de membre qu'il portait seul ; dit ce qui est fait.

    Pas encore commencé, il s'efface. Lève `Refus` (droit, champ).
    """
    exiger(peut_tenir_instances(par, mandat))
    relu = _verrouiller(mandat)
    if au < relu.du <= timezone.localdate():
        phrase = f"Il a commencé le {date_courte(relu.du)} : son dernier jour ne peut pas être avant."
        raise Refus("champ", phrase, champs={"au": [phrase]})
    if relu.au and au > relu.au:
        phrase = f"Il finit déjà le {date_courte(relu.au)} : pour le prolonger, modifiez-le."
        raise Refus("champ", phrase, champs={"au": [phrase]})
    voix = _seances_ou_compter(relu)
    relu.au, dernier = au, relu.au
    _exiger_memes_voix(relu, voix, champ="au")
    relu.au = dernier
    return finir(relu, au, par)


def finir(mandat: Mandat, au: date, par: Utilisateur) -> str:
    """Écrit la fin d'un mandat, ou l'efface s'il n'avait pas commencé ; dit ce qui est fait. Droit déjà vérifié."""
    comptes = [c for c in (mandat.utilisateur, mandat.suppleant) if c]
    signer(mandat, par)
    if mandat.du > au:
        dit = f"Le mandat de {mandat.nom}, qui n'avait pas commencé, est retiré."
        mandat.delete()
    else:
        dit = f"Le mandat de {mandat.nom} finit le {date_courte(au)}."
        mandat.au = au
        mandat.save(update_fields=["au"])
    perdus = [c.nom for c in comptes if _rendre(c, mandat.comite.grappe, par)]
    suite = "".join(f" {nom} cesse d'être membre de la grappe le même jour." for nom in perdus)
    return dit + suite


# --- le rôle de membre, aux dates des mandats ----------------------------------------------------------------------


def _mandats_du_compte(compte: Utilisateur, grappe: Grappe) -> list[tuple[date, date | None]]:
    return list(Mandat.objects.confies_a(compte).filter(comite__grappe=grappe).order_by().values_list("du", "au"))


def _fin_de(periodes: list[tuple[date, date | None]]) -> date | None:
    """Le dernier jour de la dernière ; None si l'une n'a pas de fin."""
    fins = [au for _, au in periodes if au is not None]
    return max(fins) if len(fins) == len(periodes) else None


def _portees_par_mandat(compte: Utilisateur, grappe: Grappe) -> list[Affectation]:
    """Les affectations de membre que ses mandats lui ont confiées, qui courent ou vont courir."""
    siennes = Affectation.objects.filter(utilisateur=compte, grappe=grappe, role=Role.MEMBRE, motif=MOTIF)
    courent = siennes.filter(Q(au__isnull=True) | Q(au__gte=timezone.localdate()))
    return list(courent.select_related("grappe", "utilisateur").order_by("du", "pk"))


def _accorder(compte: Utilisateur, grappe: Grappe, par: Utilisateur, champ: str) -> bool:
    """Fait courir son rôle de membre autant que ses mandats ; vrai s'il vient de lui être confié.

    `champ` : où dire un refus.
    """
    periodes, jour = _mandats_du_compte(compte, grappe), timezone.localdate()
    courent = [(du, au) for du, au in periodes if au is None or au >= jour]
    debut = min((du for du, _ in courent), default=None)
    if tenues := _portees_par_mandat(compte, grappe):
        if debut is not None and debut < tenues[0].du:
            _confier_le_role(compte, grappe, debut, tenues[0].du - timedelta(days=1), par, champ)
        _ajuster(tenues, grappe, periodes, par)
        return False
    if debut is None or Grappe.objects.de_pres(compte).filter(pk=grappe.pk).exists():
        return False
    return _confier_le_role(compte, grappe, debut, _fin_de(courent), par, champ)


def _confier_le_role(
    compte: Utilisateur, grappe: Grappe, du: date, au: date | None, par: Utilisateur, champ: str
) -> bool:
    """Le rôle de membre, du… au… ; faux s'il le tient déjà en partie, donné à la main : il ne se double pas."""
    deja = Affectation.objects.filter(
        Q(au__isnull=True) | Q(au__gte=du), utilisateur=compte, grappe=grappe, role=Role.MEMBRE
    )
    if (deja.filter(du__lte=au) if au else deja).exists():
        return False
    try:
        perimetre.affecter(utilisateur=compte, role=Role.MEMBRE, cible=grappe, du=du, au=au, par=par, motif=MOTIF)
    except Refus as refus:
        if refus.code != "champ":
            raise
        raise Refus("champ", refus.motif, champs={champ: [refus.motif]}) from refus
    return True


def _ajuster(
    tenues: list[Affectation], grappe: Grappe, periodes: list[tuple[date, date | None]], par: Utilisateur
) -> bool:
    """Prolonge le rôle ou y met fin avec les mandats qui le portent ; vrai s'il s'arrête plus tôt."""
    jour = timezone.localdate()
    # Plus aucun mandat : le seul s'est effacé avant de commencer.
    fin = _fin_de(periodes) if periodes else jour - timedelta(days=1)
    arrete = False
    for tenue in reversed(tenues):
        if fin == tenue.au:
            return arrete
        if tenue.au is not None and (fin is None or fin > tenue.au):
            suite = tenue.au + timedelta(days=1)
            _confier_le_role(tenue.utilisateur, grappe, suite, fin, par, "au")
            return arrete
        # Confié par un autre, il ne se reprend pas d'ici : le rôle reste, « Qui fait quoi » le montre.
        if fin is None or not peut_clore(par, tenue):
            return arrete
        arrete = True
        if tenue.du <= max(fin, jour):
            perimetre.clore(affectation=tenue, au=max(fin, tenue.du), par=par)
            return arrete
        signer(tenue, par)
        tenue.delete()
        tenue.utilisateur.__dict__.pop("perimetre", None)
    return arrete


def _rendre(compte: Utilisateur, grappe: Grappe, par: Utilisateur) -> bool:
    """Met fin au rôle que ses mandats lui confiaient, s'ils n'en portent plus autant ; vrai si c'est fait."""
    tenues = _portees_par_mandat(compte, grappe)
    return bool(tenues) and _ajuster(tenues, grappe, _mandats_du_compte(compte, grappe), par)
