"""Ce qu'on relève : le catalogue, ce qu'une grappe en suit, ce qu'elle vise, et les pages qui le montrent."""
