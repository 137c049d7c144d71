/* Reads one element's text, for services that answer in XML when asked for JSON. */
#ifndef AWS_XML_H
#define AWS_XML_H

#include "base/arena.h"
#include "base/common.h"
#include "base/str.h"

/*
 * The text between the first <name> (attributes allowed) and the next </name>, with the five entities
 * and numeric references decoded; empty when it is missing or contains elements.  It is not
 * a general parser: it is made for flat answers such as those of STS.
 */
struct str xml_text(struct arena *arena, struct str xml, struct str name);

#endif
