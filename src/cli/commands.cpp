// SPDX-License-Identifier: Apache-2.0
#include "cli/commands.hpp"

namespace diary::cli {

void add_all(CLI::App& app, Context& context) {
  add_serve(app, context);
  add_refresh(app, context);
  add_rebuild(app, context);
  add_migrate(app, context);
  add_psql(app, context);
  add_backup(app, context);
  add_restore(app, context);
  add_synth(app, context);
  add_verify(app, context);
  add_config(app, context);
  add_export(app, context);
  add_import(app, context);
  add_openapi(app, context);
  add_route(app, context);
  add_user(app, context);
}

}  // namespace diary::cli
