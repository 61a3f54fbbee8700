package app

import "latchkey/config/schema"

// Schema is the JSON Schema of config.yaml.
func Schema() []byte { return schema.Text() }
