"""Les mots d'un retour, ramenés à ce qu'ils veulent dire : abréviations, synonymes de métier, racines, sons.

Module pur. Des règles simples, et un lexique du métier : ni modèle de langue, ni réseau.
"""

import re
from functools import lru_cache

from programme.socle.texte import normaliser

_VIDES = """
    a afin ai aient ait alors apres as assez au aucun aucune aujourd aussi autre autres aux avant avec avoir avons
    ayant beaucoup bcp besoin bien c ca car ce cela ces cet cette chaque chez comme comment d dans de dedans depuis des
    des dessus devoir devrait doit doivent donc dont ds du elle elles en encore est et etait etre eu eux faire fait
    fallait falloir fasse faudrait faut font grave hui i ici il ils impossible j jamais je juste l la le les leur leurs
    lui m ma mais manque me meme merci mes mettre moi moins mon moyen n ne ni non nos notre nous nouveau on ont ou par
    parce parfois pas peu peut peuvent plus plusieurs possibilite possible pour pourquoi pouvoir pourrait pouvait
    probleme prevoir q qd qu quand que quel quelle quelles quels qui quoi rien s sa sans se sera serait ses seul seule
    si soit son sont sous souvent sur svp t ta te tel telle tes toi ton toujours tous tout toute toutes tres trop tu
    un une va vers veut voir vois voit voudrais voudrait vraiment y il faudra merci stp bonjour ajouter vous
    avoir etait suis sommes oblige obliger resultat coup
"""
VIDES = frozenset(_VIDES.split())

# Du plus long au plus court : « double saisie » avant « double ». Chaque forme est déjà normalisée.
_EQUIVALENTS: dict[str, str] = {
    "motdepasse": "mots de passe|mot de passe|mdp|password",
    "connexion": "se connecter|connecter|connectent|connecte|connexions|connexion|se loguer|loguer|login",
    "deconnexion": "deconnecte|deconnectent|deconnectes|deconnecter|deconnection|session expire|session expiree"
    "|session a expire|session se ferme|session fermee|ejecte|ejectes",
    "planning": "emploi du temps|agendas|agenda|plannings|planing|planings|planning|calendriers|calendrier",
    "rdv": "rendez vous|rv|rdvs|rdv",
    "transmission": "journal de bord|cahier de liaison|cahier de transmissions|transmi|transmis|transmissions"
    "|transmition|transmitions|transmission|journal|jdb",
    "projetperso": "projet personnalise|projets personnalises|projet perso|projet individualise"
    "|projet d accompagnement|projets|projet|pap|paps|ppa|ppas",
    "usager": "personnes accompagnees|personne accompagnee|usagers|usager|residents|resident|beneficiaires|beneficiaire"
    "|jeunes|jeune|enfants|enfant",
    "famille": "familles|famille|parents|parent|proches",
    "telephone": "smartphones|smartphone|telephones|telephone|portables|portable|mobile|tel",
    "ordinateur": "ordinateurs|ordinateur|ordis|ordi|pcs|pc|postes|poste",
    "reseau": "wi fi|wifi|reseaux|reseau|internet|zone blanche|4g",
    "document": "pieces jointes|piece jointe|documents|document|docs|doc|fichiers|fichier|pj",
    "retrouver": "introuvables|introuvable|retrouver|retrouve|retrouvent|trouver|trouve|chercher|cherche|cherchent",
    "sauvegarder": "enregistrer|enregistre|enregistrement|sauvegarder|sauvegarde|sauvegardes|sauver|brouillons"
    "|brouillon",
    "perdre": "perdus|perdues|perdue|perdu|perdre|perd|disparu|disparue|disparait|disparaissent|effacer|efface|effaces",
    "ressaisir": "double saisie|saisies deux fois|saisir deux fois|saisies 2 fois|saisir 2 fois|deux fois|2 fois"
    "|ressaisir|ressaisit|ressaisie|resaisir|resaisie|resaisit|recopier|recopie|recopies|retaper|retape|reecrire",
    "doublon": "en double|doublons|doublon",
    "lent": "prend du temps|met du temps|rame|ramer|rament|lenteurs|lenteur|lents|lentes|lente|lent|interminables"
    "|interminable|mouline|la roue tourne|plus rapide|plus vite",
    "planter": "bugs|bug|beug|beugs|bugue|plantage|plante|planter|fige|freeze|gele",
    "verrouille": "verrouille|verrouillee|verrouiller|bloque|bloquee|bloques|bloquer",
    "acces": "habilitations|habilitation|autorisations|autorisation|permissions|droits|droit|acces|confidentialite"
    "|confidentiel|confidentiels",
    "compte": "comptes|compte|identifiants|identifiant|codes d acces",
    "alerte": "notifications push|notifs|alertes|alerte|rappels|rappel|avertis|averti|avertir|previent|prevenir"
    "|prevenu|prevenus|prevenue",
    "echeance": "echeances|echeance|expiration|expirations|arrivent a terme|date de fin|arrive a terme|a renouveler",
    "notificationmdph": "notification mdph|notif mdph|orientation mdph|decision mdph|mdph",
    "remplacant": "remplacants|remplacante|remplacant|interimaires|interimaire|interims|interim|vacataires|vacataire",
    "medicament": "medicaments|medicament|medocs|medoc|traitements|traitement",
    "ordonnance": "ordonnances|ordonnance|prescriptions|prescription",
    "facture": "facturations|facturation|factures|facture|facturer|facturent|facturee|facturees",
    "hopital": "hospitalisations|hospitalisation|hospitalises|hospitalise|hospitalisee|hospi|hopitaux|hopital",
    "presence": "presences|presence|presents|present|pointages|pointage|pointe|pointer|emargement",
    "evaluation": "evaluations|evaluation|evals|eval",
    "modele": "trames|trame|modeles|modele|gabarits|gabarit",
    "compterendu": "comptes rendus|compte rendu|comptes rendu|crs|cr",
    "messageriesecurisee": "messageries securisees|messagerie securisee|mss|mssante",
    "courriel": "courriels|courriel|mails|mail|emails|email",
    "clic": "boutons|bouton|clics|clic|cliquer|clique",
    "transport": "transports|transport|taxis|taxi|vsl|chauffeurs|chauffeur|navettes|navette|bus",
    "infirmier": "infirmieres|infirmiere|infirmiers|infirmier|ide|ides|idec",
    "medecin": "medecins|medecin|docteurs|docteur|dr",
    "psychologue": "psychologues|psychologue|psychologiques|psychologique|psys|psy",
    "accompagnant": "accompagnants|accompagnant|aes|amp",
    "excel": "tableurs|tableur|tableau excel|excel|xls|xlsx",
    "export": "exportent|exporter|exporte|exports|export|extraction|extraire",
    "statistique": "statistiques|statistique|stats|stat|chiffres|indicateurs|indicateur|tableaux de bord"
    "|tableau de bord",
    "evenementindesirable": "fiches d evenement indesirable|fiche d evenement indesirable|fiche evenement indesirable"
    "|evenements indesirables|evenement indesirable|fiche ei|feis|fei|ei",
    "faitalire": "facile a lire|falc|pictogrammes|pictogramme|pictos|picto",
    "orthographe": "orthographe|orthographique|correcteurs|correcteur",
    "miseenpage": "mises en page|mise en page|mise en forme|paragraphes|paragraphe",
    "copiercoller": "copier coller|copie colle|coller|colle",
    "signer": "signatures|signature|signer|signe|signent",
    "imprimer": "impressions|impression|imprimer|imprime|imprimes|imprimee|imprimante|imprimantes",
    "synchroniser": "synchronisations|synchronisation|synchroniser|synchronise|synchro|synchros",
    "visite": "visites a domicile|visite a domicile|visites|visite|vad",
    "collegue": "collegues|collegue",
    "graphique": "graphiques|graphique|courbes|courbe",
    "jour": "journees|journee|jours|jour|quotidien",
    "adresse": "adresses|adresse|domiciles|domicile",
    "separes": "separes|separe|divorces|divorce",
    "nonlu": "non lues|non lus|non lue|non lu|pas lues|pas lus|pas lu|pas encore lues|pas encore lus|lu non lu",
    "conge": "conges|conge|vacances|repos",
    "categorie": "categories|categorie|themes|theme|cibles|cible|rubriques|rubrique",
    "photo": "photos|photo|images|image",
    "repas": "repas|cantine|cantines|self",
    "reprendre": "reprendre|repris|reprise|reprises|reporter",
    "papier": "papiers|papier|classeur",
    "reserver": "reservations|reservation|reserver|reserve",
    "unparun": "un par un|une par une|un a un|une a une|ligne par ligne|l un apres l autre",
}
_CANON = {forme: canon for canon, formes in _EQUIVALENTS.items() for forme in formes.split("|")}
_LOCUTIONS = re.compile(
    r"\b(?:" + "|".join(sorted((re.escape(f) for f in _CANON), key=len, reverse=True)) + r")\b", re.ASCII
)
_SUFFIXES = """
    issement atrice ateur ation ement euse eur ence ance able ible ique ment ite age ive if ante ant aient ait ee er ez
    ent ir is it e
"""
SUFFIXES = tuple(_SUFFIXES.split())
_RACINE = 3
_SONS = (("ph", "f"), ("qu", "k"), ("eau", "o"), ("au", "o"), ("y", "i"), ("ai", "e"), ("ei", "e"), ("ss", "s"))


@lru_cache(maxsize=50_000)
def racine(mot: str) -> str:
    """La racine approchée d'un mot normalisé, telle qu'on l'entend : « validations » et « valider » se rejoignent.

    Rend le mot tel quel s'il porte un chiffre ; la racine garde au moins trois signes.
    """
    if not mot.isalpha():
        return mot
    if mot[-1] in "sx" and len(mot) > _RACINE:
        mot = mot[:-1]
    for suffixe in SUFFIXES:
        if mot.endswith(suffixe) and len(mot) - len(suffixe) >= _RACINE:
            mot = mot[: -len(suffixe)]
            break
    for ecrit, entendu in _SONS:
        mot = mot.replace(ecrit, entendu)
    return re.sub(r"(.)\1", r"\1", mot)


def mots_utiles(texte: str) -> frozenset[str]:
    """Les racines d'un texte libre, sans mot vide ; un ensemble : ni l'ordre ni les redites ne comptent.

    Casse, accents et ponctuation sont sans effet. Un texte vide, ou fait de mots vides, rend un ensemble vide.
    """
    forme = _LOCUTIONS.sub(lambda trouvee: f" ={_CANON[trouvee.group()]} ", normaliser(texte))
    return frozenset(
        mot[1:] if mot[0] == "=" else racine(mot)
        for mot in forme.split()
        if mot[0] == "=" or (mot not in VIDES and len(mot) > 1)
    )


def fragments(mots: frozenset[str]) -> frozenset[str]:
    """Les trigrammes de ces mots, bords compris : ce qui rapproche « plannig » de « planning »."""
    return frozenset(f"_{mot}_"[n : n + 3] for mot in mots for n in range(len(mot)))
