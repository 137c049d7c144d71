#!/bin/bash
# Removes printed labels that are older than DAYS (30).  Runs every night.
LABELS=$1
DAYS=${2:-30}

cd $LABELS
echo "purging labels older than $DAYS days in $LABELS"
find . -name '*.pdf' -mtime +$DAYS | xargs rm -f
rm -rf $LABELS/tmp/*

if [ $(ls | wc -l) -gt 100000 ]; then
  curl -s "http://alerts.internal/notify?text=labels+over+100000" > /dev/null
fi
