"""Régler le barème d'une grappe : trois bornes, le seuil d'une réponse qui inquiète, ce que les changer changerait."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from programme.models import Grappe, Utilisateur
from programme.services.controles import exiger, signer, valider
from programme.socle.erreurs import Refus
from programme.socle.nombres import accorde
from programme.socle.versions import exiger_inchange
from risques.calculs.criticite import Bornes, BornesImpossibles, niveau
from risques.enums import NiveauRisque
from risques.models import AnalyseLocale, BaremeRisques, Risque
from risques.permissions import peut_regler_bareme

CHAMPS = ("significatif", "critique", "inacceptable", "inquietante")
BORNES = CHAMPS[:3]


def regle_de(grappe: Grappe) -> BaremeRisques:
    """Le réglage de la grappe ; celui de départ, pas encore écrit, si elle n'a rien réglé."""
    return BaremeRisques.objects.filter(grappe=grappe).first() or BaremeRisques(grappe=grappe)


@dataclass(frozen=True, slots=True)
class Deplacement:
    """Des lignes qui passent d'un niveau à un autre."""

    de: NiveauRisque
    vers: NiveauRisque
    nb_risques: int
    nb_lignes: int

    @property
    def monte(self) -> bool:
        """Vrai si le niveau devient plus grave."""
        return self.vers.rang > self.de.rang


@dataclass(frozen=True, slots=True)
class Effet:
    """Ce que d'autres bornes changeraient : risques ouverts et lignes d'analyses transmises."""

    deplacements: tuple[Deplacement, ...]
    nb_risques: int
    nb_lignes: int

    @property
    def nb_changent(self) -> int:
        """Risques qui changent de niveau."""
        return sum(d.nb_risques for d in self.deplacements)

    @property
    def phrase(self) -> str:
        """Combien changent, en une ligne."""
        lignes = sum(d.nb_lignes for d in self.deplacements)
        if not self.nb_changent and not lignes:
            return "Aucun risque ne change de niveau."
        risques = accorde(self.nb_changent, "risque change de niveau,risques changent de niveau")
        return f"{risques}, sur {self.nb_risques} ; et {accorde(lignes, 'ligne')} d'analyse, sur {self.nb_lignes}."


def ce_que_cela_change(grappe: Grappe, bornes: Bornes) -> Effet:
    """L'effet de ces bornes sur ce que la grappe a déjà coté. Cinq requêtes."""
    avant = regle_de(grappe).bornes
    risques = Risque.objects.filter(grappe=grappe).ouverts().avec_criticite()
    cotes = list(risques.order_by().values_list("criticite", flat=True))
    analyses = AnalyseLocale.objects.filter(parcours__grappe=grappe).transmises().avec_lignes()
    lignes = [ligne.criticite for analyse in analyses for ligne in analyse.lignes_transmises if ligne.criticite]
    des_risques, des_lignes = _deplacer(cotes, avant, bornes), _deplacer(lignes, avant, bornes)
    cles = sorted({*des_risques, *des_lignes}, key=lambda cle: (-cle[1].rang, -cle[0].rang))
    deplacements = tuple(Deplacement(de, vers, des_risques[de, vers], des_lignes[de, vers]) for de, vers in cles)
    return Effet(deplacements, len(cotes), len(lignes))


def _deplacer(cotes: Iterable[int], avant: Bornes, apres: Bornes) -> Counter[tuple[NiveauRisque, NiveauRisque]]:
    passages = Counter((niveau(c, avant), niveau(c, apres)) for c in cotes)
    return Counter({cle: nb for cle, nb in passages.items() if cle[0] != cle[1]})


@transaction.atomic
def regler(*, grappe: Grappe, par: Utilisateur, vu: int | None = None, **valeurs: int) -> BaremeRisques:
    """Change les bornes et le seuil (`valeurs` : de `CHAMPS`). Lève `Refus` (droit, champ, concurrence)."""
    exiger(peut_regler_bareme(par, grappe))
    # Sous le verrou de la grappe : deux premières écritures ne se croisent pas.
    Grappe.objects.select_for_update(of=("self",)).get(pk=grappe.pk)
    exiger_inchange(BaremeRisques.history.filter(grappe=grappe), vu, valeurs.keys())
    bareme = regle_de(grappe)
    for nom, valeur in valeurs.items():
        setattr(bareme, nom, valeur)
    verifier(bareme)
    valider(bareme)
    signer(bareme, par)
    bareme.save()
    return bareme


def verifier(bareme: BaremeRisques) -> None:
    """Lève `Refus` sous la borne qui ne suit pas : chacune dépasse la précédente, de 2 à 16."""
    fautes: dict[str, list[str]] = {}
    precedente, nom_precedent = 1, ""
    for nom in BORNES:
        valeur = getattr(bareme, nom)
        if valeur <= precedente:
            apres = f"après « {nom_precedent} » ({precedente})" if nom_precedent else "à partir de 2"
            fautes[nom] = [f"« {_mot(nom)} » commence {apres} : donnez au moins {precedente + 1}."]
        elif valeur > 16:
            fautes[nom] = [f"« {_mot(nom)} » commence à 16 au plus : c'est la plus haute criticité (4 × 4)."]
        precedente, nom_precedent = max(valeur, precedente), _mot(nom)
    if fautes:
        raise Refus("champ", "Les trois bornes montent, de 2 à 16.", champs=fautes)
    try:
        _ = bareme.bornes
    except BornesImpossibles as faute:
        raise Refus("champ", str(faute), champs={"inacceptable": [str(faute)]}) from faute


def _mot(nom: str) -> str:
    return str(NiveauRisque(nom).label).lower()


def histoire_de(grappe: Grappe) -> list[dict[str, Any]]:
    """Chaque réglage, du plus récent au plus ancien : date, titre, texte."""
    rendu = []
    for ligne in BaremeRisques.history.filter(grappe=grappe).select_related("history_user").order_by("-history_id"):
        bornes = " · ".join(f"{_mot(nom)} à partir de {getattr(ligne, nom)}" for nom in BORNES)
        texte = f"{bornes} · une réponse inquiète à partir de {ligne.inquietante}"
        qui = ligne.history_user or "une autre personne"
        rendu.append({"date": ligne.history_date, "titre": f"Réglé par {qui}", "texte": texte, "nature": ""})
    return rendu
