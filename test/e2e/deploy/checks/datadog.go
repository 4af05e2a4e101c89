// Reads a log pipeline and monitors as Datadog's own API client does, and prints every key, type and value that it does not know.
package main

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"

	"github.com/DataDog/datadog-api-client-go/v2/api/datadogV1"
)

func main() {
	var pipeline datadogV1.LogsPipeline
	read(os.Args[1], &pipeline)
	var monitors []datadogV1.Monitor
	read(os.Args[2], &monitors)
	walk("pipeline", reflect.ValueOf(pipeline))
	walk("monitors", reflect.ValueOf(monitors))
	if complaints > 0 {
		os.Exit(1)
	}
}

var complaints int

// The client keeps what it does not know in UnparsedObject and AdditionalProperties instead of refusing it.
func walk(path string, value reflect.Value) {
	switch value.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !value.IsNil() {
			walk(path, value.Elem())
		}
	case reflect.Slice:
		for index := 0; index < value.Len(); index++ {
			walk(fmt.Sprintf("%s[%d]", path, index), value.Index(index))
		}
	case reflect.String:
		valid := value.MethodByName("IsValid")
		if valid.IsValid() && !valid.Call(nil)[0].Bool() {
			complain(path, value.Interface())
		}
	case reflect.Struct:
		for index := 0; index < value.NumField(); index++ {
			field := value.Type().Field(index)
			unknown := field.Name == "UnparsedObject" || field.Name == "AdditionalProperties"
			switch {
			case !field.IsExported():
			case unknown && !value.Field(index).IsZero():
				complain(path, value.Field(index).Interface())
			case !unknown:
				walk(path+"."+field.Name, value.Field(index))
			}
		}
	}
}

func complain(path string, what any) {
	complaints++
	fmt.Printf("%s: unknown: %v\n", path, what)
}

func read(path string, into any) {
	text, err := os.ReadFile(path)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		fmt.Printf("%s: %v\n", path, err)
		os.Exit(1)
	}
}
