"""Les monographies : les commencer, écrire une section à plusieurs, la relire, tenir ses faits et ses annexes."""
