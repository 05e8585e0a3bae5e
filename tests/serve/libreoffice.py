"""Run by the system's Python, which has LibreOffice's bridge: asks its remote grammar checker for one text.

python3 libreoffice.py PIPE TEXT     prints the errors as JSON, and ends the office that listens on the pipe
"""

import json
import sys
import time

import uno
from com.sun.star.connection import NoConnectException
from com.sun.star.lang import Locale

pipe, text = sys.argv[1:]
local = uno.getComponentContext()
resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
for _ in range(600):
    try:
        context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        break
    except NoConnectException:
        time.sleep(0.1)
manager = context.ServiceManager
checker = manager.createInstanceWithContext("org.openoffice.lingu.LanguageToolGrammarChecker", context)
result = checker.doProofreading("1", text, Locale("fr", "FR", ""), 0, len(text), ())
print(json.dumps([[each.nErrorStart, each.nErrorLength, list(each.aSuggestions)] for each in result.aErrors]))
manager.createInstanceWithContext("com.sun.star.frame.Desktop", context).terminate()
