package options

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"latchkey/jira/rest"
)

// The options by which things of the catalogue are found stand in properties of the
// project, so many in each: a property holds 32,768 characters.
const (
	knownProperty = "latchkey.options."
	knownPage     = 300
	mostPages     = 100
	lastPage      = "" // what a page says that comes behind the last
)

func propertyPath(project, key string, page int) string {
	return "rest/api/3/project/" + url.PathEscape(project) + "/properties/" + knownProperty + key + "." + strconv.Itoa(page)
}

// known are the options by which things were found before.
func (k *Keeper) known(ctx context.Context, project, key string) (map[string]string, error) {
	out := map[string]string{}
	for page := 1; page <= mostPages; page++ {
		var answer struct{ Value json.RawMessage }
		err := k.api.FetchWithRetry(ctx, rest.Get("read which options the catalogue has", propertyPath(project, key, page), nil), &answer)
		if rest.StatusOf(err) == http.StatusNotFound {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		var some map[string]string
		if json.Unmarshal(answer.Value, &some) != nil {
			return out, nil // somebody else wrote it: names say enough
		}
		if _, end := some[lastPage]; end {
			return out, nil
		}
		maps.Copy(out, some)
	}
	return out, nil
}

// remember writes down by which options things are found.
func (k *Keeper) remember(ctx context.Context, project, key string, ids map[string]string) error {
	page := 1
	for some := range slices.Chunk(slices.Sorted(maps.Keys(ids)), knownPage) {
		value := map[string]string{}
		for _, id := range some {
			value[id] = ids[id]
		}
		if err := k.put(ctx, propertyPath(project, key, page), value); err != nil {
			return err
		}
		page++
	}
	return k.put(ctx, propertyPath(project, key, page), map[string]string{lastPage: "the end"})
}

func (k *Keeper) put(ctx context.Context, path string, value map[string]string) error {
	return k.api.Send(ctx, rest.Call{Method: http.MethodPut, Path: path, Body: value, What: "write down which options the catalogue has"})
}
