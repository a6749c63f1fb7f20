// Reads one question a line, {"as": "...", "text": "..."}, and answers each with one line of JSON, by the very
// packages that Helm is built from.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	goyaml "go.yaml.in/yaml/v2"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	kubeyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"
)

type question struct {
	As   string `json:"as"`
	Text string `json:"text"`
}

type answer struct {
	// What was read, as JSON with sorted keys.
	JSON string `json:"json,omitempty"`
	// The texts that a text falls into.
	Parts []string `json:"parts,omitempty"`
	Error string   `json:"error,omitempty"`
	// Two keys of one mapping differ in Go and are the same in JSON: which one stays is left to chance.
	Ambiguous bool `json:"ambiguous,omitempty"`
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	defer out.Flush()
	for {
		line, err := in.ReadBytes('\n')
		if len(line) > 0 {
			var asked question
			if err := json.Unmarshal(line, &asked); err != nil {
				panic(err)
			}
			said, err := json.Marshal(reply(asked))
			if err != nil {
				panic(err)
			}
			out.Write(said)
			out.WriteByte('\n')
		}
		if err == io.EOF {
			return
		}
		if in.Buffered() == 0 {
			out.Flush()
		}
	}
}

func reply(asked question) (said answer) {
	defer func() {
		if crash := recover(); crash != nil {
			said = answer{Error: fmt.Sprintf("panic: %v", crash)}
		}
	}()
	text := []byte(asked.Text)
	switch asked.As {
	case "yaml":
		return read(text, yaml.Unmarshal, yaml.YAMLToJSON)
	case "strict":
		return read(text, yaml.UnmarshalStrict, yaml.YAMLToJSONStrict)
	case "values":
		values, err := loader.LoadValues(bytes.NewReader(text))
		return told(values, err)
	case "documents":
		return documents(text)
	case "float":
		value, err := strconv.ParseFloat(asked.Text, 64)
		return told(strconv.FormatFloat(value, 'g', -1, 32), err)
	}
	panic("unknown question: " + asked.As)
}

func read(text []byte, unmarshal func([]byte, interface{}, ...yaml.JSONOpt) error, toJSON func([]byte) ([]byte, error)) answer {
	var plain interface{}
	isAmbiguous := goyaml.Unmarshal(text, &plain) == nil && isAmbiguous(plain)
	var value interface{}
	if err := unmarshal(text, &value); err != nil {
		return answer{Error: err.Error(), Ambiguous: isAmbiguous}
	}
	exact, err := toJSON(text)
	if err != nil {
		return answer{Error: err.Error()}
	}
	return answer{JSON: string(exact), Ambiguous: isAmbiguous}
}

func told(value interface{}, err error) answer {
	if err != nil {
		return answer{Error: err.Error()}
	}
	text, err := json.Marshal(value)
	if err != nil {
		return answer{Error: err.Error()}
	}
	return answer{JSON: string(text)}
}

func documents(text []byte) answer {
	reader := kubeyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(text)))
	parts := []string{}
	for {
		part, err := reader.Read()
		if err == io.EOF {
			return answer{Parts: parts}
		}
		if err != nil {
			return answer{Error: err.Error(), Parts: parts}
		}
		parts = append(parts, string(part))
	}
}

func isAmbiguous(value interface{}) bool {
	switch value := value.(type) {
	case map[interface{}]interface{}:
		names := map[string]bool{}
		for key, inner := range value {
			name := fmt.Sprintf("%v", key)
			if number, ok := key.(float64); ok {
				name = strings.NewReplacer("+Inf", ".inf", "-Inf", "-.inf", "NaN", ".nan").
					Replace(strconv.FormatFloat(number, 'g', -1, 32))
			}
			if names[name] || isAmbiguous(inner) {
				return true
			}
			names[name] = true
		}
	case []interface{}:
		for _, inner := range value {
			if isAmbiguous(inner) {
				return true
			}
		}
	}
	return false
}
