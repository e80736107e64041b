#!/bin/sh
# Says which tests were left out, and what would bring them in; nothing where none were.
grep -ho '<skipped message="[^"]*"' target/surefire-reports/TEST-*.xml target/failsafe-reports/TEST-*.xml 2>/dev/null |
  sed 's/<skipped message="//; s/"$//' | sort | uniq -c |
  while read -r count why; do echo "Left out: $count tests: $why"; done
