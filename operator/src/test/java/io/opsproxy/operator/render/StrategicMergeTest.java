package io.opsproxy.operator.render;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** As kubectl patch --type=strategic has it. */
final class StrategicMergeTest {
  private static final YAMLMapper YAML = new YAMLMapper();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{a: 1, b: 2}                     | {b: 3}                              | {a: 1, b: 3}",
        "{a: 1, b: 2}                     | {b: null}                           | {a: 1}",
        "{a: {b: 1, c: 2}}                | {a: {c: 3}}                         | {a: {b: 1, c: 3}}",
        "{a: {b: 1}}                      | {a: {$patch: replace, c: 3}}        | {a: {c: 3}}",
        "{args: [a, b]}                   | {args: [c]}                         | {args: [c]}",
        "{env: [{name: A, value: x}]}     | {env: [{name: B, value: y}]}        | {env: [{name: A, value: x}, {name: B, value: y}]}",
        "{env: [{name: A, value: x}]}     | {env: [{name: A, value: y}]}        | {env: [{name: A, value: y}]}",
        "{env: [{name: A, value: x}]}     | {env: [{name: A, $patch: delete}]}  | {env: []}",
        "{volumeMounts: [{name: t, mountPath: /t}]} | {volumeMounts: [{name: t, mountPath: /u}]} | {volumeMounts: [{name: t, mountPath: /t}, {name: t, mountPath: /u}]}",
        "{securityContext: {runAsUser: 1, fsGroup: 2}} | {securityContext: {runAsUser: null}} | {securityContext: {fsGroup: 2}}",
        "{}                               | {a: {b: null, c: 1}}                | {a: {c: 1}}",
      })
  void mergesAsKubernetesDoes(String object, String patch, String merged)
      throws JsonProcessingException {
    assertThat(StrategicMerge.apply(YAML.readTree(object), YAML.readTree(patch)))
        .isEqualTo(YAML.readTree(merged));
  }
}
