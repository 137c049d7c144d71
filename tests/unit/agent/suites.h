/* The suites of this folder. */
#ifndef TESTS_UNIT_AGENT_SUITES_H
#define TESTS_UNIT_AGENT_SUITES_H

#include "unit.h"

Suite *builtin_suite(void);
Suite *config_suite(void);
Suite *context_suite(void);
Suite *definition_suite(void);
Suite *load_suite(void);
Suite *models_suite(void);
Suite *prompt_suite(void);
Suite *template_suite(void);
Suite *tools_suite(void);

#endif
