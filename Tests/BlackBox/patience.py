"""How long the tests wait before they call a thing that does not happen a failure.

Nothing here measures the server: a test waits for an event, and this is only how long it waits
before it gives up. Hence one generous figure for everything, and no assertion about durations.
`TALLY_PATIENCE` changes it, for those who look for one failure and do not want to wait for it.
"""

import os

SECONDS = float(os.environ.get("TALLY_PATIENCE", "60"))
