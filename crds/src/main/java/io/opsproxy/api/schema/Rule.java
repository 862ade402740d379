package io.opsproxy.api.schema;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.CelValidationException;
import dev.cel.common.types.SimpleType;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One rule in CEL with the functions that Kubernetes adds to the language, as far as we use them.
 */
final class Rule {
  private static final Cel CEL =
      CelFactory.plannerCelBuilder()
          .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
          .addCompilerLibraries(CelExtensions.strings())
          .addRuntimeLibraries(CelExtensions.strings())
          .addVar("self", SimpleType.DYN)
          .addVar("oldSelf", SimpleType.DYN)
          .addFunctionDeclarations(ofText("isIP"), ofText("isCIDR"))
          .addFunctionBindings(
              CelFunctionBinding.from("isIP_string", String.class, Addresses::isIp),
              CelFunctionBinding.from("isCIDR_string", String.class, Addresses::isCidr))
          .build();

  private final CelRuntime.Program program;

  private Rule(CelRuntime.Program program) {
    this.program = program;
  }

  static Rule compile(String expression) {
    try {
      return new Rule(CEL.createProgram(CEL.compile(expression).getAst()));
    } catch (CelValidationException | CelEvaluationException e) {
      throw new IllegalStateException("a definition has a rule that is no CEL: " + expression, e);
    }
  }

  /**
   * @throws CelEvaluationException when the rule has no answer for this value; an API server
   *     refuses the object then
   */
  boolean holds(JsonNode self) throws CelEvaluationException {
    return Boolean.TRUE.equals(program.eval(Map.of("self", value(self))));
  }

  private static CelFunctionDecl ofText(String name) {
    return CelFunctionDecl.newFunctionDeclaration(
        name,
        CelOverloadDecl.newGlobalOverload(name + "_string", SimpleType.BOOL, SimpleType.STRING));
  }

  /** As CEL sees JSON: integers are 64 bits wide. */
  private static Object value(JsonNode node) {
    return switch (node.getNodeType()) {
      case OBJECT -> {
        Map<String, Object> map = new LinkedHashMap<>();
        node.properties().forEach(entry -> map.put(entry.getKey(), value(entry.getValue())));
        yield map;
      }
      case ARRAY -> {
        List<Object> list = new ArrayList<>();
        node.forEach(item -> list.add(value(item)));
        yield list;
      }
      case NUMBER -> node.isIntegralNumber() ? (Object) node.asLong() : node.asDouble();
      case BOOLEAN -> node.asBoolean();
      default -> node.asText();
    };
  }
}
