"""Les verbatims d'un ESMS : les lire, corriger des mots pas encore montrés, noter l'accord de qui les a dits."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone

from programme.models import Parcours, Utilisateur
from programme.services.controles import exiger, valider
from programme.socle.erreurs import Refus
from usages.calculs.citables import Verdict
from usages.enums import Anonymat, Consentement, SituationDite
from usages.models import Retour, SuiteDeRetour, Verbatim
from usages.permissions import peut_tenir_les_verbatims

C = Consentement
ENSUITE: dict[str, tuple[Consentement, ...]] = {
    C.A_DEMANDER: (C.A_DEMANDER, C.DONNE, C.REFUSE),
    C.DONNE: (C.DONNE, C.RETIRE),
    C.REFUSE: (C.REFUSE, C.DONNE),
    C.RETIRE: (C.RETIRE, C.DONNE),
}
"""Où peut aller un accord, celui de la personne comme celui du représentant.

Donné, il se retire, et le retrait reste noté ; rien ne revient à « à demander ».
"""
JOURS = {"consentement": "consentement_le", "accord_representant": "accord_representant_le"}
"""De chaque accord, le champ de son jour."""
PRECISE = ("voix", "situation", "accord_representant", "accord_representant_le", "anonymat", "theme")
PROTEGEES = (SituationDite.MINEUR, SituationDite.PROTEGE)
PAS_AINSI = "Un accord « {} » ne devient pas « {} »."
MOTS_FIGES = "L'accord porte sur ces mots-là : ils ne changent plus. Pour d'autres mots, gardez un autre verbatim."
QUEL_JOUR = "Donnez le jour où la personne l'a dit."
A_VENIR = "Ce jour est à venir : donnez celui où la personne l'a dit."
AVANT_LES_MOTS = "Ces mots ont été recueillis le {:%d/%m/%Y} : l'accord ne les précède pas."
AVANT_L_ACCORD = "L'accord est du {:%d/%m/%Y} : ce qui le change ne le précède pas."
SANS_REPRESENTANT = "L'accord d'un représentant ne se note que pour une personne mineure ou protégée."
REPRESENTANT_A_REPONDU = (
    "Le représentant a déjà répondu : ces mots restent ceux d'une personne mineure ou protégée. Pour d'autres mots, "
    "gardez un autre verbatim."
)
RETRAIT_FAIT = (
    "L'accord est retiré : ces mots ne sortent plus d'aucun document, et ils ont disparu des monographies publiées."
)
CHANGE_ENTRE_TEMPS = "Entre-temps, quelqu'un d'autre a changé ce verbatim : relisez, puis envoyez de nouveau."
ENTRE_TEMPS = "Entre-temps, l'accord est passé à « {} » : relisez, puis envoyez de nouveau."


@dataclass(frozen=True, slots=True)
class VerbatimLu:
    """Un verbatim, le retour d'où il vient s'il y en a un. `sans_auteur` : personne à qui demander son accord."""

    verbatim: Verbatim
    retour: Retour | None = None

    @property
    def sans_auteur(self) -> bool:
        """Vrai si l'on ne sait pas qui l'a dit et que rien n'a été noté : l'accord est réputé non donné."""
        anonyme = self.retour is not None and self.retour.auteur_id is None
        return anonyme and self.verbatim.consentement == C.A_DEMANDER

    @property
    def verdict(self) -> Verdict:
        """Citable ou non, et tout ce qui manque."""
        return self.verbatim.verdict

    @property
    def accord(self) -> str:
        """Où en est l'accord, en mots."""
        return "Réputé non donné" if self.sans_auteur else str(self.verbatim.get_consentement_display())


def verbatims_de(parcours: Parcours, lecteur: Utilisateur) -> list[VerbatimLu]:
    """Ceux d'un ESMS que lit ce compte, le plus récent d'abord, visites d'étude à part. Trois requêtes."""
    lus = list(Verbatim.objects.visibles_par(lecteur).filter(parcours=parcours, visite=None).pour_lecture())
    return avec_leurs_retours(lus)


def avec_leurs_retours(verbatims: list[Verbatim]) -> list[VerbatimLu]:
    """Chacun avec le retour d'où il vient : qui lit l'un lit l'autre, du même ESMS. Deux requêtes."""
    sorte = ContentType.objects.get_for_model(Verbatim)
    suites = SuiteDeRetour.objects.filter(objet_type=sorte, objet_id__in=[v.pk for v in verbatims])
    retours = {s.objet_id: s.retour for s in suites.select_related("retour").order_by("-pk")}
    return [VerbatimLu(v, retours.get(v.pk)) for v in verbatims]


@transaction.atomic
def modifier_verbatim(
    *,
    verbatim: Verbatim,
    par: Utilisateur,
    texte: str,
    qui: str,
    consentement: str,
    consentement_le: date | None,
    vu: str | None = None,
    **precise: Any,
) -> Verbatim:
    """Corrige les mots tant que personne n'a répondu ; note les accords et leur jour. `vu` : le jeton qu'on avait lu.

    `precise` : voix, situation, accord_representant et son jour, anonymat, theme ; ce qu'on ne dit pas ne change pas.
    Lève `Refus` (droit, champ, concurrence).
    """
    exiger(peut_tenir_les_verbatims(par, verbatim))
    relu = Verbatim.objects.select_for_update(of=("self",)).get(pk=verbatim.pk)
    if vu is not None and vu != relu.jeton:
        raise Refus("concurrence", _croises(relu, vu))
    valeurs = {champ: precise.get(champ, getattr(relu, champ)) for champ in PRECISE} | {
        "texte": texte.strip(),
        "qui": qui,
        "consentement": consentement,
        "consentement_le": consentement_le,
    }
    if fautes := _fautes(relu, valeurs):
        raise Refus("champ", " ".join(fautes.values()), champs={nom: [phrase] for nom, phrase in fautes.items()})
    if valeurs["texte"] != relu.texte and "anonymat" not in precise:
        valeurs["anonymat"] = Anonymat.A_FAIRE
    for champ, valeur in valeurs.items():
        setattr(relu, champ, valeur)
    for accord, jour in JOURS.items():
        if valeurs[accord] == C.A_DEMANDER:
            setattr(relu, jour, None)
    valider(relu)
    relu.save()
    return relu


def _croises(relu: Verbatim, vu: str) -> str:
    """Ce qui a changé entre-temps : l'accord d'abord, c'est lui qui décide de tout."""
    if vu.split("/")[0] != relu.consentement:
        return ENTRE_TEMPS.format(relu.get_consentement_display().lower())
    return CHANGE_ENTRE_TEMPS


def _fautes(avant: Verbatim, valeurs: dict[str, Any]) -> dict[str, str]:
    fautes: dict[str, str] = {}
    if avant.les_mots_sont_figes and valeurs["texte"] != avant.texte:
        fautes["texte"] = MOTS_FIGES
    fautes |= _fautes_d_accord(avant, valeurs, "consentement")
    protege = valeurs["situation"] in PROTEGEES
    if protege:
        fautes |= _fautes_d_accord(avant, valeurs, "accord_representant")
    elif valeurs["accord_representant"] != avant.accord_representant:
        fautes["accord_representant"] = SANS_REPRESENTANT
    elif avant.est_protege and avant.accord_representant != C.A_DEMANDER:
        fautes["situation"] = REPRESENTANT_A_REPONDU
    return fautes


def _fautes_d_accord(avant: Verbatim, valeurs: dict[str, Any], accord: str) -> dict[str, str]:
    """Les mêmes règles pour la personne et pour son représentant."""
    etait, devient, jour = getattr(avant, accord), valeurs[accord], JOURS[accord]
    if devient not in ENSUITE[etait]:
        return {accord: PAS_AINSI.format(*(Consentement(c).label.lower() for c in (etait, devient)))}
    if devient == C.A_DEMANDER:
        return {}
    change = devient != etait
    phrase = _faute_de_jour(avant.recueilli_le, valeurs[jour], getattr(avant, jour) if change else None)
    return {jour: phrase} if phrase else {}


def _faute_de_jour(recueilli_le: date, le: date | None, avant_le: date | None) -> str:
    if le is None:
        return QUEL_JOUR
    if le > timezone.localdate():
        return A_VENIR
    if le < recueilli_le:
        return AVANT_LES_MOTS.format(recueilli_le)
    if avant_le and le < avant_le:
        return AVANT_L_ACCORD.format(avant_le)
    return ""
