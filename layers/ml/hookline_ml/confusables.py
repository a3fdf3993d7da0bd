"""Letters of other scripts, and ornamental letters, that look like Latin ones.

`ORNAMENTS` are letters that nobody writes a language with (small capitals, negative circles, …): always replaced.
`LOOKALIKES` belong to living scripts and are replaced only where they hide among Latin letters.
The pairs are facts of the Unicode charts, chosen by shape; each is written as the letter and its Latin twin.
"""


def _table(pairs: str) -> dict[str, str]:
    return {pair[0]: pair[1] for pair in pairs.split()}


LOOKALIKES = _table(
    # Cyrillic
    "аa вb еe ёe кk мm нh оo рp сc тt уy хx іi їi јj ѕs ԁd ԛq ԝw һh ӏl гr ьb пn иu ѵv үy ұy ӧo ӓa ғf қk ԍg єe ґr ѡw "
    "АA ВB ЕE ЁE КK МM НH ОO РP СC ТT УY ХX ІI ЇI ЈJ ЅS ԀD ԚQ ԜW ҺH ӀI Ьb ҮY ҰY ԌG ѴV ҒF ҚK ЄE "
    # Greek
    "αa βb γy εe ηn ιi κk νv οo ρp σo τt υu χx ωw άa έe ήn ίi όo ύu ώw ϊi ϋu ϲc ϳj πn ϒY "
    "ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX ΆA ΈE ΉH ΊI ΌO ΎY ϹC ͿJ "
    # Armenian
    "հh յj ոn սu օo ցg զq գq ՕO ՍU ՏS ԼL "
    # Cherokee
    "ᎠD ᎡR ᎢT Ꭵi ᎪA ᎫJ ᎬE ᎳW ᎷM ᎻH ᎽY ᏀG Ꮒh ᏃZ Ꮟb ᏒR ᏔW ᏕS ᏙV ᏚS ᏞL ᏟC ᏢP ᏦK Ꮷd ᏳG ᏴB "
    # Lisu
    "ꓐB ꓑP ꓓD ꓔT ꓖG ꓗK ꓙJ ꓚC ꓜZ ꓝF ꓟM ꓠN ꓡL ꓢS ꓣR ꓦV ꓧH ꓪW ꓫX ꓬY ꓮA ꓰE ꓲI ꓳO ꓴU "
    # Coptic
    "ⲁa ⲃb ⲉe ⲏh ⲓi ⲕk ⲙm ⲛn ⲟo ⲣp ⲥc ⲧt ⲩy ⲭx ⲱw"
)

ORNAMENTS = _table(
    "ᴀa ʙb ᴄc ᴅd ᴇe ꜰf ɢg ʜh ɪi ᴊj ᴋk ʟl ᴍm ɴn ᴏo ᴘp ʀr ꜱs ᴛt ᴜu ᴠv ᴡw ʏy ᴢz "
    "ɑa ɡg ɩi ɾr ᴦr ᴨn ᴩp ⱥa ƀb ȼc ɇe ǥg ɉj ᵽp ɍr ɏy ƶz"
) | {chr(start + index): chr(ord("A") + index) for start in (0x1F150, 0x1F170) for index in range(26)}
