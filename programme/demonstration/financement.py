"""L'argent de la démonstration : deux conventions, des jalons à tous les états, des avenants, un double financement.

Montants, taux et échéances sont inventés ; la version d'instruction est celle du produit, marquée non officielle.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from django.core.files.base import ContentFile

from programme.demonstration import fondation
from programme.demonstration.ain_rhone import grappe as ain_rhone
from programme.demonstration.calendrier import Calendrier
from programme.demonstration.recit import franchir
from programme.enums import EtatParcours, NatureAvenant, TypeProjet
from programme.models import Convention, Esms, Grappe, Jalon, Parcours, Tranche, Utilisateur, VersionInstruction
from programme.services import financement as services
from programme.services.grappes import ajouter_esms

CODE = "produit-demonstration"
DEUX_FOIS = "380793612"
"""ESMS engagé aussi dans l'autre grappe : deux DUI seraient financés."""
_TRANCHES = (
    ("Versement à la signature", "Convention signée", "0.30", False),
    ("Vérification d'aptitude", "Procès-verbal de VA", "0.20", False),
    ("Moitié des ESMS en service régulier", "Liste des ESMS, dates d'ouverture", "0.20", False),
    ("Vérification de service régulier", "Procès-verbal de VSR", "0.15", False),
    ("Usages atteints", "Chiffres par ESMS, signés", "0.15", True),
)


def creer(comptes: Mapping[str, Utilisateur], calendrier: Calendrier) -> None:
    """Bâtit les deux financements, par les services et par la porte."""
    for compte in comptes.values():
        # Les rôles viennent d'être confiés : le périmètre lu avant eux ne vaut plus.
        compte.__dict__.pop("perimetre", None)
    instruction = _instruction()
    _ain_rhone(comptes, calendrier, instruction)
    _fondation(comptes, calendrier, instruction)


def _instruction() -> VersionInstruction:
    version = VersionInstruction.objects.create(
        code=CODE,
        nom="Valeurs du produit, pour la démonstration",
        source="Inventée : à remplacer par votre instruction",
    )
    for rang, (libelle, piece, taux, preuve) in enumerate(_TRANCHES, 1):
        Tranche.objects.create(
            instruction=version,
            rang=rang,
            libelle=libelle,
            piece_attendue=piece,
            taux=Decimal(taux),
            preuve_usage=preuve,
        )
    return version


# --- la grappe en déploiement --------------------------------------------------------------------------------------


def _ain_rhone(comptes: Mapping[str, Utilisateur], c: Calendrier, instruction: VersionInstruction) -> None:
    grappe, cheffe, ars = Grappe.objects.get(nom=ain_rhone.NOM), comptes["cheffe"], comptes["ars"]
    signature, fin = c.mois(21, 13), c.dans(14, 28)
    convention = _signer(grappe, cheffe, instruction, "2024-AURA-017 (fictive)", signature, c.dans(8, 28), "1150000")
    demande, va, moitie, vsr, usages = _echeances(
        convention, cheffe, (c.mois(20, 15), c.mois(9, 12), c.jours(22), c.dans_jours(45), c.dans(12, 15))
    )
    _percevoir(demande, cheffe, c.mois(20, 18), c.mois(20, 25), c.mois(19, 14))
    _percevoir(va, cheffe, c.mois(9, 14), c.mois(8, 9), c.mois(7, 17))
    _joindre(moitie, cheffe, "esms-en-service-regulier.pdf", "Liste des ESMS en service regulier")
    franchir(moitie, "transmettre", par=cheffe, le=c.jours(24))
    franchir(
        moitie,
        "demander_precision",
        par=ars,
        le=c.jours(18),
        motif="Un ESMS de la liste a fusionné : compte-t-il pour un ou pour deux ?",
    )
    franchir(
        moitie,
        "transmettre",
        par=cheffe,
        le=c.jours(15),
        motif="Pour un : l'ESMS absorbé n'y figure plus, la liste est refaite.",
    )
    franchir(
        moitie,
        "demander_precision",
        par=ars,
        le=c.jours(6),
        motif="Pouvez-vous donner la date d'ouverture du dernier ESMS de la liste ?",
    )
    rapport = services.enregistrer_jalon(
        convention=convention, par=cheffe, libelle="Rapport d'avancement annuel", echeance=c.jours(2)
    )
    _joindre(rapport, cheffe, "rapport-avancement.pdf", "Rapport d'avancement, exemple fabrique")
    franchir(rapport, "transmettre", par=cheffe, le=c.jours(3), motif="Deuxième rapport, sur les douze derniers mois.")
    _avenants(convention, cheffe, c, fin)
    assert vsr.est_a_la_main and usages.est_a_la_main


def _avenants(convention: Convention, cheffe: Utilisateur, c: Calendrier, fin: date) -> None:
    """Une sortie, faite ; un calendrier, dont la convention n'a pas encore pris la date."""
    sortis = list(Parcours.objects.filter(grappe=convention.grappe, etat=EtatParcours.SORTI))
    services.consigner_avenant(
        convention=convention,
        par=cheffe,
        numero=1,
        nature=NatureAvenant.SORTIE,
        signe_le=c.mois(5, 6),
        objet="Sortie d'un ESMS qui rejoint un autre projet.",
        parcours=sortis,
    )
    services.consigner_avenant(
        convention=convention,
        par=cheffe,
        numero=2,
        nature=NatureAvenant.CALENDRIER,
        signe_le=c.jours(10),
        objet="La dernière vague de déploiement glisse de six mois.",
        nouvelle_fin=fin,
    )


# --- la grappe qui mesure ses usages -------------------------------------------------------------------------------


def _fondation(comptes: Mapping[str, Utilisateur], c: Calendrier, instruction: VersionInstruction) -> None:
    grappe, cheffe = Grappe.objects.get(nom=fondation.NOM), comptes["cheffe"]
    convention = _signer(
        grappe, cheffe, instruction, "2021-IDF-004 (fictive)", date(2021, 6, 22), c.dans(6, 30), "480000"
    )
    dates = (date(2021, 9, 15), date(2022, 9, 30), date(2022, 12, 20), date(2023, 2, 28), c.dans(3, 15))
    jalons = _echeances(convention, cheffe, dates)
    for jalon, le in zip(jalons[:4], dates[:4], strict=True):
        _percevoir(jalon, cheffe, le, le.replace(day=15, month=le.month % 12 + 1, year=le.year + le.month // 12), None)
    esms = Esms.objects.get(finess=DEUX_FOIS)
    (entre,) = ajouter_esms(grappe=grappe, esms=[esms], par=cheffe, type_projet=TypeProjet.USAGES)
    services.consigner_avenant(
        convention=convention,
        par=cheffe,
        numero=1,
        nature=NatureAvenant.ENTREE,
        signe_le=c.jours(30),
        objet="Entrée d'un ESMS pour un volet d'usages partagés.",
        parcours=[entre],
    )


# --- gestes communs ------------------------------------------------------------------------------------------------


def _signer(
    grappe: Grappe,
    cheffe: Utilisateur,
    instruction: VersionInstruction,
    reference: str,
    signee_le: date,
    fin: date,
    montant: str,
) -> Convention:
    return services.enregistrer_convention(
        grappe=grappe,
        par=cheffe,
        reference=reference,
        financeur=f"ARS {grappe.region.nom}" if grappe.region else "ARS",
        signee_le=signee_le,
        fin=fin,
        montant=Decimal(montant),
        instruction=instruction,
    )


def _echeances(convention: Convention, cheffe: Utilisateur, dates: tuple[date, ...]) -> list[Jalon]:
    """Donne son échéance à chaque jalon né d'une tranche."""
    noms = ("libelle", "piece_attendue", "montant", "preuve_usage")
    return [
        services.enregistrer_jalon(
            convention=convention, par=cheffe, jalon=jalon, echeance=jour, **{n: getattr(jalon, n) for n in noms}
        )
        for jalon, jour in zip(convention.jalons.all(), dates, strict=True)
    ]


def _percevoir(jalon: Jalon, cheffe: Utilisateur, transmis: date, accepte: date, verse: date | None) -> None:
    """Un jalon mené jusqu'au versement ; accord et versement le même jour quand on n'en sait pas plus."""
    _joindre(jalon, cheffe, "piece-justificative.pdf", jalon.piece_attendue)
    franchir(jalon, "transmettre", par=cheffe, le=transmis)
    franchir(jalon, "accepter", par=cheffe, le=accepte)
    franchir(jalon, "verser", par=cheffe, le=verse or accepte, montant=jalon.montant)


def _joindre(jalon: Jalon, cheffe: Utilisateur, nom: str, texte: str) -> None:
    contenu = petit_pdf(f"Demonstration : {texte}", "Document fabrique, sans valeur.")
    services.joindre_piece(jalon=jalon, fichier=ContentFile(contenu, name=nom), par=cheffe)


def petit_pdf(*lignes: str) -> bytes:
    """Un PDF d'une page, valide, qui porte ces lignes ; sans accents ni parenthèses, police de base oblige."""
    sur = [
        ligne.encode("ascii", "replace").replace(b"(", b"[").replace(b")", b"]").replace(b"\\", b"/")
        for ligne in lignes
    ]
    page = b"BT /F1 14 Tf 72 770 Td 20 TL " + b"".join(b"(" + ligne + b") Tj T* " for ligne in sur) + b"ET"
    objets = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(page), page),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    )
    rendu, places = b"%PDF-1.4\n", []
    for numero, objet in enumerate(objets, 1):
        places.append(len(rendu))
        rendu += b"%d 0 obj\n%b\nendobj\n" % (numero, objet)
    table = len(rendu)
    rendu += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objets) + 1)
    rendu += b"".join(b"%010d 00000 n \n" % place for place in places)
    return rendu + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objets) + 1, table)
